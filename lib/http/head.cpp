#include "lib/http/head.h"

#include <cstring>

#include "lib/http/characters.h"

namespace faisca::http {
namespace {

// The next line without its CRLF; the scanner has made sure that every LF follows a CR.
std::string_view take_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  if (end == std::string_view::npos || end == 0) {
    rest = {};
    return {};
  }
  const std::string_view line = rest.substr(0, end - 1);
  rest.remove_prefix(end + 1);
  return line;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "HTTP/1.x" (RFC 9112 §2.3); other major versions are well-formed and not ours.
Problem parse_version(std::string_view text, int& minor) {
  if (text.size() != 8 || !text.starts_with("HTTP/") || !is_digit(text[5]) || text[6] != '.' ||
      !is_digit(text[7])) {
    return {400, "the HTTP version is not of the form HTTP/1.1"};
  }
  if (text[5] != '1') return {505, "only HTTP/1.0 and HTTP/1.1 are spoken here"};
  minor = text[7] == '0' ? 0 : 1;
  return {};
}

Problem parse_headers(std::string_view rest, Head& head, const HeadLimits& limits) {
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t')
      return {400, "a header is folded over two lines (obs-fold)"};
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return {400, "a header line has no colon"};
    const std::string_view name = line.substr(0, colon);
    if (name.empty()) return {400, "a header has no name"};
    if (!all_are(name, kTokenByte)) {
      if (name.back() == ' ' || name.back() == '\t') return {400, "space before the colon of a header"};
      return {400, "a header name has a character that is not allowed"};
    }
    const std::string_view value = trim(line.substr(colon + 1));
    if (!all_are(value, kValueByte)) return {400, "a header value has a control character"};
    if (head.headers.size() == limits.headers) return {431, "too many headers"};
    head.headers.push_back({name, value, classify(name)});
  }
  return {};
}

// origin-form, absolute-form, authority-form (CONNECT) or asterisk-form (OPTIONS): RFC 9112 §3.2.
Problem parse_target(RequestHead& head) {
  std::string_view target = head.target;
  if (head.method == "CONNECT") {
    if (!all_are(target, kHostByte)) return {400, "the target of CONNECT is not host:port"};
    head.host = target;
    return {};
  }
  if (target == "*") {
    if (head.method != "OPTIONS") return {400, "the target * is for OPTIONS only"};
    head.path = target;
    return {};
  }
  if (target.front() != '/') {
    const size_t scheme = target.find("://");
    if (scheme == std::string_view::npos || !(equal_ignoring_case(target.substr(0, scheme), "http") ||
                                              equal_ignoring_case(target.substr(0, scheme), "https"))) {
      return {400, "the request target is neither a path nor an http URL"};
    }
    target.remove_prefix(scheme + 3);
    const size_t end = target.find_first_of("/?");
    head.host = target.substr(0, end);
    if (head.host.empty() || !all_are(head.host, kHostByte))
      return {400, "the host of the request target is invalid"};
    target = end == std::string_view::npos ? std::string_view("/") : target.substr(end);
  }
  const size_t question = target.find('?');
  head.path = target.substr(0, question);
  if (question != std::string_view::npos) head.query = target.substr(question + 1);
  if (head.path.empty()) head.path = "/";
  return {};
}

// Exactly one Host in HTTP/1.1, at most one in HTTP/1.0 (RFC 9112 §3.2).
Problem check_host(RequestHead& head) {
  const Header* host = nullptr;
  for (const Header& header : head.headers) {
    if (header.field != Field::kHost) continue;
    if (host != nullptr) return {400, "more than one Host header"};
    host = &header;
  }
  if (host == nullptr) {
    if (head.minor_version > 0) return {400, "no Host header"};
    return {};
  }
  if (!host->value.empty() && !all_are(host->value, kHostByte)) return {400, "the Host header is invalid"};
  if (head.host.empty()) head.host = host->value;
  return {};
}

}  // namespace

HeadScanner::State HeadScanner::bad(int status, std::string_view reason) {
  problem_ = {status, reason};
  return State::kBad;
}

HeadScanner::State HeadScanner::scan(std::string_view bytes) {
  if (scanned_ == 0 && !bytes.empty() && bytes[0] != '\r' &&
      (kCharacters[static_cast<uint8_t>(bytes[0])] & kTokenByte) == 0) {
    return bad(400, "the bytes are not HTTP/1.1 (is this a TLS client on a plain port?)");
  }
  while (scanned_ < bytes.size()) {
    const char* from = bytes.data() + scanned_;
    const auto* lf = static_cast<const char*>(std::memchr(from, '\n', bytes.size() - scanned_));
    if (lf == nullptr) {
      scanned_ = bytes.size();
      break;
    }
    const auto at = static_cast<size_t>(lf - bytes.data());
    scanned_ = at + 1;
    if (at == 0 || bytes[at - 1] != '\r') return bad(400, "a line ends in LF without CR");
    const bool empty_line = at == line_start_ + 1;
    if (empty_line && !(first_line_ && line_start_ == 0)) {
      if (scanned_ > limits_.bytes) break;
      if (first_line_) return bad(400, "empty lines instead of a request");
      head_size_ = scanned_;
      return State::kDone;
    }
    if (!empty_line) first_line_ = false;
    line_start_ = scanned_;
  }
  if (scanned_ > limits_.bytes) {
    if (first_line_) return bad(414, "the request line is too long");
    return bad(431, "the head is too large");
  }
  return State::kMore;
}

Problem parse_request_head(std::string_view bytes, RequestHead& head, const HeadLimits& limits) {
  head.clear();
  if (bytes.starts_with("\r\n")) bytes.remove_prefix(2);
  const std::string_view line = take_line(bytes);
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return {400, "the request line is not METHOD TARGET HTTP/1.1"};
  }
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  if (head.method.empty() || head.method.size() > 32 || !all_are(head.method, kTokenByte)) {
    return {400, "the method is not a token"};
  }
  if (head.target.size() > limits.target_bytes) return {414, "the request target is too long"};
  if (head.target.empty() || !all_are(head.target, kTargetByte)) {
    return {400, "the request target is empty or has a character that is not allowed"};
  }
  if (Problem problem = parse_version(line.substr(last + 1), head.minor_version)) return problem;
  if (Problem problem = parse_target(head)) return problem;
  if (Problem problem = parse_headers(bytes, head, limits)) return problem;
  return check_host(head);
}

Problem parse_response_head(std::string_view bytes, ResponseHead& head, const HeadLimits& limits) {
  head.clear();
  const std::string_view line = take_line(bytes);
  if (line.size() < 12 || line[8] != ' ') return {400, "the status line is not HTTP/1.1 CODE REASON"};
  if (Problem problem = parse_version(line.substr(0, 8), head.minor_version)) return problem;
  const std::string_view code = line.substr(9, 3);
  if (!is_digit(code[0]) || !is_digit(code[1]) || !is_digit(code[2]) ||
      (line.size() > 12 && line[12] != ' ')) {
    return {400, "the status code is not three digits"};
  }
  head.status = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
  if (head.status < 100 || head.status > 599) return {400, "the status code is not between 100 and 599"};
  head.reason = line.size() > 13 ? line.substr(13) : std::string_view();
  if (!all_are(head.reason, kValueByte)) return {400, "the reason phrase has a control character"};
  return parse_headers(bytes, head, limits);
}

void RequestHead::clear() {
  minor_version = 1;
  headers.clear();
  method = target = path = query = host = {};
}

void ResponseHead::clear() {
  minor_version = 1;
  headers.clear();
  status = 0;
  reason = {};
}

const Header* Head::find(Field field) const {
  for (const Header& header : headers) {
    if (header.field == field) return &header;
  }
  return nullptr;
}

const Header* Head::find(std::string_view name) const {
  for (const Header& header : headers) {
    if (equal_ignoring_case(header.name, name)) return &header;
  }
  return nullptr;
}

std::string_view Head::value(Field field) const {
  const Header* header = find(field);
  return header == nullptr ? std::string_view() : header->value;
}

std::string_view Head::value(std::string_view name) const {
  const Header* header = find(name);
  return header == nullptr ? std::string_view() : header->value;
}

bool Head::keep_alive() const {
  bool close = false;
  bool keep = minor_version > 0;
  for (const Header& header : headers) {
    if (header.field != Field::kConnection) continue;
    for_each_member(header.value, [&](std::string_view option) {
      if (equal_ignoring_case(option, "close")) close = true;
      if (equal_ignoring_case(option, "keep-alive")) keep = true;
    });
  }
  return keep && !close;
}

bool Head::is_hop_by_hop(const Header& header) const {
  switch (header.field) {
    case Field::kConnection:
    case Field::kKeepAlive:
    case Field::kProxyConnection:
    case Field::kTe:
    case Field::kTrailer:
    case Field::kTransferEncoding:
    case Field::kUpgrade:
      return true;
    default:
      break;
  }
  for (const Header& connection : headers) {
    if (connection.field != Field::kConnection) continue;
    bool named = false;
    for_each_member(connection.value,
                    [&](std::string_view option) { named |= equal_ignoring_case(option, header.name); });
    if (named) return true;
  }
  return false;
}

}  // namespace faisca::http
