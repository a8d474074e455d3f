// A YAML or JSON text as a tree that remembers lines: what the mapping of a resource (mapping.h) reads and
// writes. Thread: plain values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/result.h"

namespace faisca::api {

struct Node {
  enum class Kind {
    kNull,
    kText,
    kPlain,
    kList,
    kMap
  };  // kPlain: unquoted, so it may be a number or true/false

  Kind kind = Kind::kNull;
  int line = 0;  // from 1; 0 = unknown
  std::string text;
  std::vector<Node> items;                            // of kList
  std::vector<std::pair<std::string, Node>> entries;  // of kMap, in the order of the text, keys unique

  bool operator==(const Node&) const = default;
};

inline constexpr std::size_t kMaxNodes = 100'000;
inline constexpr std::size_t kMaxDepth = 64;

// One document. kInvalidArgument with the line for: not UTF-8, control characters, bad syntax, several
// documents, none, duplicate keys, keys that are not text, aliases, tags, more than kMaxNodes or kMaxDepth.
Result<Node> parse_document(std::string_view text);

// Block style, two spaces, each text in the simplest form that reads back the same.
std::string print_yaml(const Node& node);
// On one line.
std::string print_json(const Node& node);

// Would YAML read the unquoted `text` as a number, a boolean or null? (core schema, and the yes/no/on/off of
// YAML 1.1)
bool looks_like_number(std::string_view text);
bool looks_special(std::string_view text);

}  // namespace faisca::api
