// Writes the fields of a value into one map of a document, as the mapping lists them: the whole effective
// value, without empty texts, lists and maps. Internal to api/types/function.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/types/function/document.h"
#include "lib/base/base64.h"
#include "lib/base/duration.h"

namespace faisca::api::internal {

class Writer {
 public:
  Writer() { map_.kind = Node::Kind::kMap; }
  Node take() { return std::move(map_); }

  void text(std::string_view name, const std::string& value, std::string_view) {
    if (!value.empty()) add(name, scalar(Node::Kind::kText, value));
  }
  template <class T>
  void integer(std::string_view name, T value, std::string_view) {
    add(name, scalar(Node::Kind::kPlain, std::to_string(value)));
  }
  void duration(std::string_view name, std::chrono::nanoseconds value, std::string_view) {
    add(name, scalar(Node::Kind::kText, format_duration(value)));
  }
  void bytes(std::string_view name, uint64_t value, std::string_view) {
    const std::string text = format_bytes(value);
    add(name, scalar(looks_like_number(text) ? Node::Kind::kPlain : Node::Kind::kText, text));
  }
  void base64(std::string_view name, const std::string& value, std::string_view sentence) {
    text(name, base64_encode(value), sentence);
  }
  void text_list(std::string_view name, const std::vector<std::string>& value, std::string_view) {
    Node list = scalar(Node::Kind::kList, "");
    for (const std::string& item : value) list.items.push_back(scalar(Node::Kind::kText, item));
    if (!value.empty()) add(name, std::move(list));
  }
  void text_map(std::string_view name, const std::map<std::string, std::string>& value, std::string_view) {
    Node map = scalar(Node::Kind::kMap, "");
    for (const auto& [key, item] : value) map.entries.emplace_back(key, scalar(Node::Kind::kText, item));
    if (!value.empty()) add(name, std::move(map));
  }
  template <class Enum, class Table>
  void choice(std::string_view name, Enum value, const Table& table, std::string_view) {
    for (const auto& [word, meaning] : table)
      if (meaning == value) add(name, scalar(Node::Kind::kText, std::string(word)));
  }
  template <class T, class Fields>
  void object(std::string_view name, T& value, const Fields& fields, std::string_view) {
    Node map = write(value, fields);
    if (!map.entries.empty()) add(name, std::move(map));
  }
  template <class T, class Fields>
  void optional(std::string_view name, std::optional<T>& value, const Fields& fields, std::string_view) {
    if (value) add(name, write(*value, fields));
  }
  template <class T, class Fields>
  void list(std::string_view name, std::vector<T>& value, const Fields& fields, std::string_view) {
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
