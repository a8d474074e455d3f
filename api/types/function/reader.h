// Reads the fields of one map of a document into a value, as the mapping lists them. Internal to
// api/types/function. The first error is kept in the Shared state and ends the work; absent and null fields
// leave the value alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/types/function/document.h"

namespace faisca::api::internal {

class Reader {
 public:
  // `path` of the map itself, "" for the document.
  Reader(const Node& map, std::string path, std::optional<Error>& error);

  void text(std::string_view name, std::string& value, std::string_view sentence);
  void integer(std::string_view name, int& value, std::string_view sentence);
  void integer(std::string_view name, uint64_t& value, std::string_view sentence);
  void duration(std::string_view name, std::chrono::nanoseconds& value, std::string_view sentence);
  void bytes(std::string_view name, uint64_t& value, std::string_view sentence);
  void base64(std::string_view name, std::string& value, std::string_view sentence);
  void text_list(std::string_view name, std::vector<std::string>& value, std::string_view sentence);
  void text_map(std::string_view name, std::map<std::string, std::string>& value, std::string_view sentence);

  template <class Enum, class Table>
  void choice(std::string_view name, Enum& value, const Table& table, std::string_view) {
    std::string word;
    const Node* node = take_text(name, word);
    if (!node) return;
    std::vector<std::string> words;
    for (const auto& [choice, meaning] : table) {
      words.emplace_back(choice);
      if (choice == word) value = meaning;
    }
    check_choice(*node, name, word, words);
  }

  template <class T, class Fields>
  void object(std::string_view name, T& value, const Fields& fields, std::string_view) {
    if (const Node* node = take_map(name)) read(*node, path_of(name), value, fields);
  }
  template <class T, class Fields>
  void optional(std::string_view name, std::optional<T>& value, const Fields& fields, std::string_view) {
    if (const Node* node = take_map(name)) read(*node, path_of(name), value.emplace(), fields);
  }
  template <class T, class Fields>
  void list(std::string_view name, std::vector<T>& value, const Fields& fields, std::string_view) {
    const Node* node = take(name, Node::Kind::kList, "a list");
    if (!node) return;
    for (size_t i = 0; i < node->items.size() && !error_; ++i) {
      const std::string path = path_of(name) + "[" + std::to_string(i) + "]";
      if (!check_map(node->items[i], path)) return;
      read(node->items[i], path, value.emplace_back(), fields);
    }
  }

  // The text must be `expected`.
  void constant(std::string_view name, std::string_view expected);
  // Known, but not ours to read.
  void ignored(std::string_view name) { find(name); }
  // After the last field: refuses fields that were not listed.
  void finish();

 private:
  template <class T, class Fields>
  void read(const Node& node, std::string path, T& value, const Fields& fields) {
    if (error_) return;
    Reader reader(node, std::move(path), error_);
    fields(reader, value);
    reader.finish();
  }

  std::string path_of(std::string_view name) const;
  const Node* find(std::string_view name);
  // The field if it is there and of that kind; refuses another kind.
  const Node* take(std::string_view name, Node::Kind kind, std::string_view expected);
  const Node* take_map(std::string_view name);
  const Node* take_text(std::string_view name, std::string& value);
  // A number or unit text, quoted or not.
  const Node* take_scalar(std::string_view name, std::string_view expected);
  template <class T>
  void read_integer(std::string_view name, T& value);

  bool check_map(const Node& node, const std::string& path);
  bool check_text(const Node& node, const std::string& path);
  void check_choice(const Node& node, std::string_view name, const std::string& word,
                    const std::vector<std::string>& words);
  void refuse(const Node& node, const std::string& path, const std::string& what, std::string hint);

  const Node& map_;
  std::string path_;
  std::optional<Error>& error_;
  std::vector<std::string> known_;
};

}  // namespace faisca::api::internal
