#include "api/types/fields/document.h"

#include <algorithm>

#include "api/types/fields/document_builder.h"

namespace faisca::api {
namespace {

// Length of the UTF-8 sequence at the start of `text`, 0 when it is malformed (RFC 3629: no overlong forms,
// no surrogates).
size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto tail = [&](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (!tail(1) || !tail(2)) return 0;
    if (first == 0xe0 && byte(1) < 0xa0) return 0;
    return first == 0xed && byte(1) > 0x9f ? 0 : 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (first == 0xf0 && byte(1) < 0x90) return 0;
    return first == 0xf4 && byte(1) > 0x8f ? 0 : 4;
  }
  return 0;
}

Status check_text(std::string_view text) {
  int line = 1;
  for (size_t i = 0; i < text.size();) {
    const size_t length = utf8_length(text.substr(i));
    const std::string where = "line " + std::to_string(line) + ": ";
    if (length == 0)
      return fail(Code::kInvalidArgument, where + "byte " + std::to_string(i) + " is not UTF-8",
                  "save the file as UTF-8");
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r'))
      return fail(Code::kInvalidArgument,
                  where + "control character " + std::to_string(c) + " at byte " + std::to_string(i),
                  "write it as an escape in a double-quoted text, for example \"\\x1b\"");
    if (c == '\n') ++line;
    i += length;
  }
  return {};
}

}  // namespace

namespace internal {

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void DocumentBuilder::refuse(int line, const std::string& what, std::string hint) {
  if (failed_) return;
  failed_ = true;
  error_ = {Code::kInvalidArgument,
            (line > 0 ? "line " + std::to_string(line) + ": " : "") + what,
            std::move(hint),
            {}};
}

bool DocumentBuilder::count(int line) {
  if (++nodes_ > kMaxNodes)
    refuse(line, "more than " + std::to_string(kMaxNodes) + " values", "split it into several files");
  return !failed_;
}

bool DocumentBuilder::expects_key() const {
  return !frames_.empty() && frames_.back().node.kind == Node::Kind::kMap && !frames_.back().has_key;
}

void DocumentBuilder::add(Node node) {
  if (frames_.empty()) {
    root_ = std::move(node);
    complete_ = true;
    return;
  }
  Frame& frame = frames_.back();
  if (frame.node.kind == Node::Kind::kList) {
    frame.node.items.push_back(std::move(node));
  } else {
    frame.node.entries.emplace_back(std::move(frame.key), std::move(node));
    frame.has_key = false;
  }
}

void DocumentBuilder::scalar(Node::Kind kind, std::string text, int line) {
  if (failed_ || !count(line)) return;
  if (expects_key()) return key(std::move(text), line);
  Node node;
  node.kind = kind;
  node.line = line;
  node.text = std::move(text);
  add(std::move(node));
}

void DocumentBuilder::open(Node::Kind kind, int line) {
  if (failed_ || !count(line)) return;
  if (expects_key())
    return refuse(line, "a key must be text, not a list or a map", "quote it if it is meant as text");
  if (frames_.size() >= kMaxDepth)
    return refuse(line, "nested more than " + std::to_string(kMaxDepth) + " levels deep",
                  "check the brackets and the indentation");
  Node node;
  node.kind = kind;
  node.line = line;
  frames_.push_back({.node = std::move(node)});
}

void DocumentBuilder::key(std::string name, int line) {
  if (failed_) return;
  Frame& frame = frames_.back();
  if (!frame.keys.insert(name).second)
    return refuse(line, "the key \"" + name + "\" stands here for the second time in the same map",
                  "remove one of them");
  frame.key = std::move(name);
  frame.has_key = true;
}

void DocumentBuilder::close() {
  if (failed_) return;
  Node node = std::move(frames_.back().node);
  frames_.pop_back();
  add(std::move(node));
}

Result<Node> DocumentBuilder::take() {
  if (failed_) return fail(std::move(error_));
  if (!complete_)
    return fail(Code::kInvalidArgument, "the text is empty", "write a document of kind Function");
  return std::move(root_);
}

}  // namespace internal

Result<Node> parse_document(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // the byte order mark of some editors
  FAISCA_CHECK_OK(check_text(text));
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return fail(Code::kInvalidArgument, "the text is empty", "write a document of kind Function");
  if (text[first] == '{') {
    // yaml-cpp refuses the surrogate pairs ("\ud83d\ude00") that JSON printers write.
    bool is_json = false;
    auto node = internal::parse_json(text, is_json);
    if (is_json) return node;
  }
  return internal::parse_yaml(text);
}

}  // namespace faisca::api
