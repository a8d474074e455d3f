// Writes the fields of a value into one map of a document, as the mapping lists them: the whole effective
// value, without empty texts, lists and maps. Internal to api/types.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/types/fields/document.h"
#include "api/types/fields/limits.h"
#include "lib/base/base64.h"
#include "lib/base/duration.h"

namespace faisca::api::internal {

class Writer {
 public:
  Writer() { map_.kind = Node::Kind::kMap; }
  Node take() { return std::move(map_); }

  void text(std::string_view name, const std::string& value, std::string_view, const Limits& = {}) {
    if (!value.empty()) add(name, scalar(Node::Kind::kText, value));
  }
  template <class T>
  void integer(std::string_view name, T value, std::string_view, const Limits& = {}) {
    add(name, scalar(Node::Kind::kPlain, std::to_string(value)));
  }
  void duration(std::string_view name, std::chrono::nanoseconds value, std::string_view, const Limits& = {}) {
    add(name, scalar(Node::Kind::kText, format_duration(value)));
  }
  void bytes(std::string_view name, uint64_t value, std::string_view, const Limits& = {}) {
    const std::string text = format_bytes(value);
    add(name, scalar(looks_like_number(text) ? Node::Kind::kPlain : Node::Kind::kText, text));
  }
  void base64(std::string_view name, const std::string& value, std::string_view sentence,
              const Limits& = {}) {
    text(name, base64_encode(value), sentence);
  }
  void boolean(std::string_view name, bool value, std::string_view) {
    add(name, scalar(Node::Kind::kPlain, value ? "true" : "false"));
  }
  template <class T>
  void optional_integer(std::string_view name, const std::optional<T>& value, std::string_view sentence,
                        const Limits& = {}) {
    if (value) integer(name, *value, sentence);
  }
  void quantities(std::string_view name, const std::map<std::string, std::string>& value,
                  std::string_view sentence) {
    text_map(name, value, sentence);
  }
  void foreign(std::string_view name, const std::string& value, std::string_view) {
    if (value.empty()) return;
    if (auto node = parse_document(value)) add(name, *std::move(node));
  }
  void integer_list(std::string_view name, const std::vector<int>& value, std::string_view,
                    const Limits& = {}) {
    Node list = scalar(Node::Kind::kList, "");
    for (const int item : value) list.items.push_back(scalar(Node::Kind::kPlain, std::to_string(item)));
    if (!value.empty()) add(name, std::move(list));
  }
  void rule(const char*, const char*) {}
  void ignored(const char*) {}
  void text_list(std::string_view name, const std::vector<std::string>& value, std::string_view,
                 const Limits& = {}) {
    Node list = scalar(Node::Kind::kList, "");
    for (const std::string& item : value) list.items.push_back(scalar(Node::Kind::kText, item));
    if (!value.empty()) add(name, std::move(list));
  }
  void text_map(std::string_view name, const std::map<std::string, std::string>& value, std::string_view,
                const Limits& = {}) {
    Node map = scalar(Node::Kind::kMap, "");
    for (const auto& [key, item] : value) map.entries.emplace_back(key, scalar(Node::Kind::kText, item));
    if (!value.empty()) add(name, std::move(map));
  }
  template <class Enum, class Table>
  void choice(std::string_view name, Enum value, const Table& table, std::string_view, const Limits& = {}) {
    for (const auto& [word, meaning] : table)
      if (meaning == value) add(name, scalar(Node::Kind::kText, std::string(word)));
  }
  template <class T, class Fields>
  void object(std::string_view name, T& value, const Fields& fields, std::string_view, const Limits& = {}) {
    Node map = write(value, fields);
    if (!map.entries.empty()) add(name, std::move(map));
  }
  template <class T, class Fields>
  void optional(std::string_view name, std::optional<T>& value, const Fields& fields, std::string_view,
                const Limits& = {}) {
    if (value) add(name, write(*value, fields));
  }
  template <class T, class Fields>
  void list(std::string_view name, std::vector<T>& value, const Fields& fields, std::string_view,
            const Limits& = {}) {
    Node list = scalar(Node::Kind::kList, "");
    for (T& item : value) list.items.push_back(write(item, fields));
    if (!value.empty()) add(name, std::move(list));
  }

 private:
  static Node scalar(Node::Kind kind, std::string text) {
    Node node;
    node.kind = kind;
    node.text = std::move(text);
    return node;
  }
  template <class T, class Fields>
  static Node write(T& value, const Fields& fields) {
    Writer writer;
    fields(writer, value);
    return writer.take();
  }
  void add(std::string_view name, Node node) {
    map_.entries.emplace_back(std::string(name), std::move(node));
  }

  Node map_;
};

}  // namespace faisca::api::internal
