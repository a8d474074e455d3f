#include "watchdog/process/cgi.h"

#include <algorithm>
#include <array>

#include "lib/http/write.h"

namespace faisca::watchdog {
namespace {

constexpr std::string_view kPrefix = "Http_";
// Names that set_request gives itself, in canonical form, and "Proxy" (see the header).
constexpr std::array<std::string_view, 7> kReserved = {
    "Method", "Query", "Path", "Host", "Proxy", "Content_Length", "Transfer_Encoding"};

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

void append_cgi_name(std::string& out, std::string_view header_name) {
  bool start = true;
  for (const char c : header_name) {
    out += c == '-' ? '_' : start ? upper(c) : lower(c);
    start = c == '-';
  }
}

std::string decode_path(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  for (size_t i = 0; i < path.size(); ++i) {
    const int high = path[i] == '%' && i + 2 < path.size() ? hex(path[i + 1]) : -1;
    const int low = high >= 0 ? hex(path[i + 2]) : -1;
    if (low < 0 || high + low == 0) {
      out += path[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::vector<std::string> base_environment(const char* const* environment) {
  std::vector<std::string> out;
  for (const char* const* entry = environment; entry && *entry; ++entry) {
    const std::string_view text = *entry;
    const bool mark = text.starts_with("FAISCA_HOME=") || text.starts_with("FAISCA_INSTANCE=");
    if (mark || !text.starts_with("FAISCA_")) out.emplace_back(text);
  }
  return out;
}

void HandlerEnvironment::add(std::string_view name, std::string_view value) {
  offsets_.push_back(text_.size());
  text_ += kPrefix;
  text_ += name;
  text_ += '=';
  text_ += value;
  text_ += '\0';
}

void HandlerEnvironment::add_header(const http::Header& header) {
  const size_t start = text_.size();
  text_ += kPrefix;
  append_cgi_name(text_, header.name);
  const std::string_view name = std::string_view(text_).substr(start + kPrefix.size());
  const std::string_view with_prefix = std::string_view(text_).substr(start);
  // Of a header that stands twice the first one counts, as in the classic watchdog.
  const bool taken = std::any_of(offsets_.begin(), offsets_.end(), [&](size_t offset) {
    const std::string_view other = std::string_view(text_).substr(offset, with_prefix.size() + 1);
    return other.size() > with_prefix.size() && other.starts_with(with_prefix) && other.back() == '=';
  });
  if (taken || std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) {
    text_.resize(start);
    return;
  }
  offsets_.push_back(start);
  text_ += '=';
  text_ += header.value;
  text_ += '\0';
}

void HandlerEnvironment::clear_request() {
  text_.clear();
  offsets_.clear();
}

void HandlerEnvironment::set_request(const http::RequestHead& head, const http::Framing& framing) {
  clear_request();
  add("Method", head.method);
  std::string length;
  if (framing.kind == http::BodyKind::kChunked) {
    length = "-1";
  } else {
    http::append_number(length, framing.length);
  }
  add("ContentLength", length);
  add("Content_Length", length);
  if (framing.kind == http::BodyKind::kChunked) add("Transfer_Encoding", "chunked");
  if (!head.query.empty()) add("Query", head.query);
  if (head.path.find('%') != std::string_view::npos) {
    add("Path", decode_path(head.path));
  } else if (!head.path.empty()) {
    add("Path", head.path);
  }
  if (!head.host.empty()) add("Host", head.host);
  for (const http::Header& header : head.headers) add_header(header);
}

char* const* HandlerEnvironment::pointers() {
  pointers_.clear();
  for (const std::string& entry : base_) pointers_.push_back(const_cast<char*>(entry.c_str()));
  for (const size_t offset : offsets_) pointers_.push_back(text_.data() + offset);
  pointers_.push_back(nullptr);
  return pointers_.data();
}

}  // namespace faisca::watchdog
