#include "api/types/fields/reader.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "lib/base/base64.h"
#include "lib/base/duration.h"
#include "lib/base/nearest.h"

namespace faisca::api::internal {
namespace {

constexpr size_t kQuoted = 60;  // longer values are cut in messages

std::string quote(std::string_view text) {
  return "\"" + std::string(text.substr(0, kQuoted)) + (text.size() > kQuoted ? "…" : "") + "\"";
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kMap:
      return "a map";
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kNull:
      return "nothing";
    default:
      return quote(node.text);
  }
}

// RFC 8259: true, false, or a number without leading zeros and signs other than '-'.
bool is_json_literal(std::string_view text) {
  if (text == "true" || text == "false") return true;
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || text[0] < '0' || text[0] > '9' || (text[0] == '0' && text.size() > 1 && text[1] != '.'))
    return false;
  return looks_like_number(text) && !text.ends_with('.') && text.find(".e") == std::string_view::npos &&
         text.find(".E") == std::string_view::npos && text.find_first_of("xo") == std::string_view::npos;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

constexpr char kQuantityHint[] = "write it like 100m, 0.5, 64Mi, 1Gi";

// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
bool is_quantity(std::string_view text) {
  const size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const size_t digits = std::min(text.find_first_not_of("0123456789.", sign), text.size());
  const std::string_view number = text.substr(sign, digits - sign);
  if (number.find_first_of("0123456789") == std::string_view::npos ||
      std::count(number.begin(), number.end(), '.') > 1)
    return false;
  static constexpr std::array<std::string_view, 16> kSuffixes = {
      "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  const std::string_view suffix = text.substr(digits);
  if (std::find(kSuffixes.begin(), kSuffixes.end(), suffix) != kSuffixes.end()) return true;
  return (suffix[0] == 'e' || suffix[0] == 'E') && looks_like_number(text);
}

// Unquoted words of YAML that are neither numbers nor true, false and null are texts in JSON.
Node as_json(Node node) {
  if (node.kind == Node::Kind::kPlain && !is_json_literal(node.text)) node.kind = Node::Kind::kText;
  for (Node& item : node.items) item = as_json(std::move(item));
  for (auto& [key, value] : node.entries) value = as_json(std::move(value));
  return node;
}

}  // namespace

Reader::Reader(const Node& map, std::string path, ReadState& state)
    : map_(map), path_(std::move(path)), state_(state) {}

std::string Reader::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

void Reader::refuse(const Node& node, const std::string& path, const std::string& what, std::string hint) {
  if (state_.error) return;
  const std::string line = node.line > 0 ? "line " + std::to_string(node.line) + ": " : "";
  state_.error = Error{Code::kInvalidArgument, line + path + ": " + what, std::move(hint), {}};
}

const Node* Reader::find(std::string_view name) {
  known_.emplace_back(name);
  if (state_.error) return nullptr;
  const auto entry =
      std::find_if(map_.entries.begin(), map_.entries.end(), [&](const auto& e) { return e.first == name; });
  return entry == map_.entries.end() || entry->second.kind == Node::Kind::kNull ? nullptr : &entry->second;
}

const Node* Reader::take(std::string_view name, Node::Kind kind, std::string_view expected) {
  const Node* node = find(name);
  if (!node || node->kind == kind) return node;
  refuse(*node, path_of(name), describe(*node) + " stands where " + std::string(expected) + " is needed", "");
  return nullptr;
}

bool Reader::check_map(const Node& node, const std::string& path) {
  if (node.kind == Node::Kind::kMap) return true;
  refuse(node, path, describe(node) + " stands where a map of fields is needed",
         "write \"field: value\" lines below it");
  return false;
}

bool Reader::check_text(const Node& node, const std::string& path) {
  if (node.kind == Node::Kind::kText) return true;
  if (node.kind != Node::Kind::kPlain) {
    refuse(node, path, describe(node) + " stands where text is needed", "");
    return false;
  }
  // Kubernetes refuses these too: the same file works on both platforms.
  if (!looks_like_number(node.text) && node.text != "true" && node.text != "false") return true;
  refuse(node, path, node.text + " is not text", "put it in quotes: \"" + node.text + "\"");
  return false;
}

const Node* Reader::take_map(std::string_view name) {
  const Node* node = find(name);
  return node && check_map(*node, path_of(name)) ? node : nullptr;
}

const Node* Reader::take_text(std::string_view name, std::string& value) {
  const Node* node = find(name);
  if (!node || !check_text(*node, path_of(name))) return nullptr;
  value = node->text;
  return node;
}

const Node* Reader::take_scalar(std::string_view name, std::string_view expected) {
  const Node* node = find(name);
  if (!node || node->kind == Node::Kind::kText || node->kind == Node::Kind::kPlain) return node;
  refuse(*node, path_of(name), describe(*node) + " stands where " + std::string(expected) + " is needed", "");
  return nullptr;
}

void Reader::text(std::string_view name, std::string& value, std::string_view, const Limits&) {
  take_text(name, value);
}

template <class T>
bool Reader::parse_integer(const Node& node, const std::string& path, T& value) {
  const char* end = node.text.data() + node.text.size();
  const auto [stop, error] = std::from_chars(node.text.data(), end, value);
  const bool whole = error == std::errc() && stop == end;
  if (whole && node.kind == Node::Kind::kPlain) return true;
  if (whole && node.kind == Node::Kind::kText)
    refuse(node, path, quote(node.text) + " is text where a whole number is needed", "remove the quotes");
  else if (error == std::errc::result_out_of_range)
    refuse(node, path, node.text + " is out of range", "use a smaller number");
  else
    refuse(node, path, describe(node) + " is not a whole number", "");
  return false;
}

template <class T>
bool Reader::read_integer(std::string_view name, T& value) {
  const Node* node = take_scalar(name, "a whole number");
  return node && parse_integer(*node, path_of(name), value);
}

void Reader::integer(std::string_view name, int& value, std::string_view, const Limits&) {
  read_integer(name, value);
}
void Reader::integer(std::string_view name, int64_t& value, std::string_view, const Limits&) {
  read_integer(name, value);
}
void Reader::integer(std::string_view name, uint64_t& value, std::string_view, const Limits&) {
  read_integer(name, value);
}

void Reader::duration(std::string_view name, std::chrono::nanoseconds& value, std::string_view,
                      const Limits&) {
  const Node* node = take_scalar(name, "a duration");
  if (!node) return;
  auto parsed = parse_duration(node->text);
  if (!parsed) return refuse(*node, path_of(name), parsed.error().message, parsed.error().hint);
  value = *parsed;
}

void Reader::bytes(std::string_view name, uint64_t& value, std::string_view, const Limits&) {
  const Node* node = take_scalar(name, "a size in bytes");
  if (!node) return;
  auto parsed = parse_bytes(node->text);
  if (!parsed) return refuse(*node, path_of(name), parsed.error().message, parsed.error().hint);
  value = *parsed;
}

void Reader::base64(std::string_view name, std::string& value, std::string_view, const Limits&) {
  const Node* node = take_scalar(name, "base64 text");
  if (!node) return;
  auto decoded = base64_decode(node->text);
  if (!decoded) return refuse(*node, path_of(name), decoded.error().message, decoded.error().hint);
  value = std::move(*decoded);
}

void Reader::text_list(std::string_view name, std::vector<std::string>& value, std::string_view,
                       const Limits&) {
  const Node* node = take(name, Node::Kind::kList, "a list");
  if (!node) return;
  value.clear();
  for (size_t i = 0; i < node->items.size(); ++i) {
    if (!check_text(node->items[i], path_of(name) + "[" + std::to_string(i) + "]")) return;
    value.push_back(node->items[i].text);
  }
}

void Reader::text_map(std::string_view name, std::map<std::string, std::string>& value, std::string_view,
                      const Limits&) {
  const Node* node = take_map(name);
  if (!node) return;
  for (const auto& [key, entry] : node->entries) {
    if (!check_text(entry, path_of(name) + "." + key)) return;
    value[key] = entry.text;
  }
}

void Reader::boolean(std::string_view name, bool& value, std::string_view) {
  const Node* node = take_scalar(name, "true or false");
  if (!node) return;
  if (node->kind == Node::Kind::kPlain && (node->text == "true" || node->text == "false"))
    value = node->text == "true";
  else
    refuse(*node, path_of(name), quote(node->text) + " is not true or false",
           "write true or false, without quotes");
}

void Reader::optional_integer(std::string_view name, std::optional<int>& value, std::string_view,
                              const Limits&) {
  int number = 0;
  if (read_integer(name, number)) value = number;
}

void Reader::optional_integer(std::string_view name, std::optional<int64_t>& value, std::string_view,
                              const Limits&) {
  int64_t number = 0;
  if (read_integer(name, number)) value = number;
}

void Reader::quantities(std::string_view name, std::map<std::string, std::string>& value, std::string_view) {
  const Node* node = take_map(name);
  if (!node) return;
  for (const auto& [key, entry] : node->entries) {
    const std::string path = path_of(name) + "." + key;
    if (entry.kind != Node::Kind::kText && entry.kind != Node::Kind::kPlain)
      return refuse(entry, path, describe(entry) + " stands where a quantity is needed", kQuantityHint);
    if (!is_quantity(entry.text))
      return refuse(entry, path, quote(entry.text) + " is not a quantity", kQuantityHint);
    value[key] = entry.text;
  }
}

void Reader::foreign(std::string_view name, std::string& value, std::string_view) {
  if (const Node* node = take_map(name)) value = print_json(as_json(*node));
}

void Reader::integer_list(std::string_view name, std::vector<int>& value, std::string_view, const Limits&) {
  const Node* node = take(name, Node::Kind::kList, "a list");
  if (!node) return;
  value.clear();
  for (size_t i = 0; i < node->items.size(); ++i)
    if (!parse_integer(node->items[i], path_of(name) + "[" + std::to_string(i) + "]", value.emplace_back()))
      return;
}

void Reader::check_choice(const Node& node, std::string_view name, const std::string& word,
                          const std::vector<std::string>& words) {
  if (std::find(words.begin(), words.end(), word) != words.end()) return;
  refuse(node, path_of(name), quote(word) + " is not one of its choices", "use one of " + join(words));
}

void Reader::constant(std::string_view name, std::string_view expected) {
  std::string value;
  const Node* node = take_text(name, value);
  if (state_.error) return;
  if (!node)
    return refuse(map_, path_of(name), "it is missing",
                  "write " + std::string(name) + ": " + std::string(expected));
  if (value != expected)
    refuse(*node, path_of(name), quote(value) + " is not known",
           "write " + std::string(name) + ": " + std::string(expected));
}

void Reader::finish() {
  if (state_.unknown == UnknownFields::kIgnore) return;
  for (const auto& [key, node] : map_.entries) {
    if (state_.error) return;
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    refuse(node, path_of(key.substr(0, kQuoted)), "unknown field",
           "did you mean \"" + nearest(key.substr(0, kQuoted), known_) + "\"? Known here: " + join(known_));
  }
}

}  // namespace faisca::api::internal
