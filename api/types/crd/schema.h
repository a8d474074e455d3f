// An Io (api/types/function/mapping.h) that makes a structural OpenAPI v3 schema of a list of fields: what
// the API server checks, defaults and explains. Every text, list and map gets an upper bound, because the
// cost of CEL rules is estimated from the bounds.
// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/ Internal
// to api/types/crd. Thread: one.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/types/fields/document.h"
#include "api/types/fields/limits.h"

namespace faisca::api::internal {

// kNone: for a status, which nobody fills in by hand.
enum class Defaults { kWritten, kNone };

class Schema {
 public:
  Schema(std::string_view sentence, Defaults defaults) : sentence_(sentence), defaults_(defaults) {}

  // The schema of the object whose fields were listed.
  Node take();
  // Whether an empty object, filled with defaults, would be valid.
  bool may_be_empty() const { return required_.empty(); }
  bool has_defaults() const;

  void text(std::string_view name, const std::string& value, std::string_view sentence, const Limits& = {});
  template <class T>
  void integer(std::string_view name, T value, std::string_view sentence, const Limits& limits = {}) {
    number(name, sizeof(T) == 4 ? "int32" : "int64", std::to_string(value), sentence, limits);
  }
  template <class T>
  void optional_integer(std::string_view name, const std::optional<T>&, std::string_view sentence,
                        const Limits& limits = {}) {
    number(name, sizeof(T) == 4 ? "int32" : "int64", limits.initial, sentence, limits);
  }
  void boolean(std::string_view name, bool value, std::string_view sentence);
  void duration(std::string_view name, std::chrono::nanoseconds value, std::string_view sentence,
                const Limits& = {});
  void bytes(std::string_view name, uint64_t value, std::string_view sentence, const Limits& = {});
  void base64(std::string_view name, const std::string&, std::string_view sentence, const Limits& = {});
  void text_list(std::string_view name, const std::vector<std::string>&, std::string_view sentence,
                 const Limits& = {});
  void integer_list(std::string_view name, const std::vector<int>&, std::string_view sentence,
                    const Limits& = {});
  void text_map(std::string_view name, const std::map<std::string, std::string>&, std::string_view sentence,
                const Limits& = {});
  void quantities(std::string_view name, const std::map<std::string, std::string>&,
                  std::string_view sentence);
  void foreign(std::string_view name, const std::string&, std::string_view sentence);

  template <class Enum, class Table>
  void choice(std::string_view name, Enum value, const Table& table, std::string_view sentence,
              const Limits& limits = {}) {
    std::vector<std::string> words;
    std::string initial;
    for (const auto& [word, meaning] : table) {
      words.emplace_back(word);
      if (meaning == value && !limits.required) initial = word;
    }
    add_choice(name, words, initial, sentence, limits);
  }

  template <class T, class Fields>
  void object(std::string_view name, T& value, const Fields& fields, std::string_view sentence,
              const Limits& limits = {}) {
    Schema schema(sentence, defaults_);
    fields(schema, value);
    const bool filled = schema.may_be_empty() && schema.has_defaults();
    add_object(name, schema.take(), filled, limits);
  }
  template <class T, class Fields>
  void optional(std::string_view name, std::optional<T>&, const Fields& fields, std::string_view sentence,
                const Limits& limits = {}) {
    T value{};
    Schema schema(sentence, defaults_);
    fields(schema, value);
    add_object(name, schema.take(), false, limits);
  }
  template <class T, class Fields>
  void list(std::string_view name, std::vector<T>&, const Fields& fields, std::string_view sentence,
            const Limits& limits = {}) {
    T value{};
    Schema schema("One of them", defaults_);
    fields(schema, value);
    add_list(name, schema.take(), sentence, limits);
  }

  // A CEL rule of the object and what `kubectl apply` prints when it does not hold.
  void rule(const char* expression, const char* message);
  void ignored(const char*) {}

 private:
  void number(std::string_view name, std::string_view format, const std::string& initial,
              std::string_view sentence, const Limits& limits);
  void add_choice(std::string_view name, const std::vector<std::string>& words, const std::string& initial,
                  std::string_view sentence, const Limits& limits);
  void add_object(std::string_view name, Node schema, bool filled, const Limits& limits);
  void add_list(std::string_view name, Node items, std::string_view sentence, const Limits& limits);
  void add(std::string_view name, Node schema, const Limits& limits);

  std::string sentence_;
  Defaults defaults_;
  std::vector<std::pair<std::string, Node>> properties_;
  std::vector<std::string> required_;
  std::vector<Node> rules_;
};

// Shorthands for building a document.
Node text_node(std::string_view text);
Node plain_node(std::string_view text);
Node map_node(std::vector<std::pair<std::string, Node>> entries = {});
Node list_node(std::vector<Node> items = {});

}  // namespace faisca::api::internal
