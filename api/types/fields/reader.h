// Reads the fields of one map of a document into a value, as the mapping lists them. Internal to api/types.
// The first error is kept in the shared state and ends the work; absent and null fields leave the value
// alone.
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
#include "api/types/fields/unknown.h"

namespace faisca::api::internal {

struct ReadState {
  UnknownFields unknown = UnknownFields::kRefuse;
  std::optional<Error> error = {};
};

class Reader {
 public:
  // `path` of the map itself, "" for the document.
  Reader(const Node& map, std::string path, ReadState& state);

  void text(std::string_view name, std::string& value, std::string_view, const Limits& = {});
  void integer(std::string_view name, int& value, std::string_view, const Limits& = {});
  void integer(std::string_view name, int64_t& value, std::string_view, const Limits& = {});
  void integer(std::string_view name, uint64_t& value, std::string_view, const Limits& = {});
  void duration(std::string_view name, std::chrono::nanoseconds& value, std::string_view, const Limits& = {});
  void bytes(std::string_view name, uint64_t& value, std::string_view, const Limits& = {});
  void base64(std::string_view name, std::string& value, std::string_view, const Limits& = {});
  void boolean(std::string_view name, bool& value, std::string_view);
  void optional_integer(std::string_view name, std::optional<int>& value, std::string_view,
                        const Limits& = {});
  void optional_integer(std::string_view name, std::optional<int64_t>& value, std::string_view,
                        const Limits& = {});
  // Names to Kubernetes quantities, kept as they are written.
  void quantities(std::string_view name, std::map<std::string, std::string>& value, std::string_view);
  // An object of a shape that is not ours, kept as JSON; empty when absent.
  void foreign(std::string_view name, std::string& value, std::string_view);
  void integer_list(std::string_view name, std::vector<int>& value, std::string_view, const Limits& = {});
  void rule(const char*, const char*) {}
  void text_list(std::string_view name, std::vector<std::string>& value, std::string_view,
                 const Limits& = {});
  void text_map(std::string_view name, std::map<std::string, std::string>& value, std::string_view,
                const Limits& = {});

  template <class Enum, class Table>
  void choice(std::string_view name, Enum& value, const Table& table, std::string_view, const Limits& = {}) {
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
  void object(std::string_view name, T& value, const Fields& fields, std::string_view, const Limits& = {}) {
    if (const Node* node = take_map(name)) read(*node, path_of(name), value, fields);
  }
  template <class T, class Fields>
  void optional(std::string_view name, std::optional<T>& value, const Fields& fields, std::string_view,
                const Limits& = {}) {
    if (const Node* node = take_map(name)) read(*node, path_of(name), value.emplace(), fields);
  }
  template <class T, class Fields>
  void list(std::string_view name, std::vector<T>& value, const Fields& fields, std::string_view,
            const Limits& = {}) {
    const Node* node = take(name, Node::Kind::kList, "a list");
    if (!node) return;
    for (size_t i = 0; i < node->items.size() && !state_.error; ++i) {
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
    if (state_.error) return;
    Reader reader(node, std::move(path), state_);
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
  bool read_integer(std::string_view name, T& value);
  template <class T>
  bool parse_integer(const Node& node, const std::string& path, T& value);

  bool check_map(const Node& node, const std::string& path);
  bool check_text(const Node& node, const std::string& path);
  void check_choice(const Node& node, std::string_view name, const std::string& word,
                    const std::vector<std::string>& words);
  void refuse(const Node& node, const std::string& path, const std::string& what, std::string hint);

  const Node& map_;
  std::string path_;
  ReadState& state_;
  std::vector<std::string> known_;
};

}  // namespace faisca::api::internal
