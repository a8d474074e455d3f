#include "api/types/crd/schema.h"

#include "lib/base/duration.h"

namespace faisca::api::internal {
namespace {

constexpr size_t kLongestText = 4096;  // of fields that say nothing themselves
constexpr size_t kMostItems = 64;
// A Kubernetes duration or quantity of bytes as `parse_duration` and `parse_bytes` take them.
constexpr char kDurationPattern[] = "^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h|d))+$|^0$";
constexpr char kBytesPattern[] = "^[0-9]+(\\.[0-9]+)?(k|M|G|T|Ki|Mi|Gi|Ti)?$";
// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/, without a sign.
constexpr char kQuantityPattern[] =
    "^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)((Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)|[eE][+-]?[0-9]+)?$";

// A sentence as a person would write it: first letter large, a full stop at the end.
std::string described(std::string_view sentence) {
  std::string out(sentence);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z' && out.find(':') > 12) out[0] -= 'a' - 'A';
  if (!out.empty() && out.back() != '.') out += '.';
  return out;
}

Node typed(std::string_view type, std::string_view sentence) {
  Node node = map_node({{"type", text_node(type)}});
  if (!sentence.empty()) node.entries.emplace_back("description", text_node(described(sentence)));
  return node;
}

Node number_node(uint64_t number) { return plain_node(std::to_string(number)); }

Node text_schema(std::string_view sentence, const Limits& limits) {
  Node node = typed("string", sentence);
  if (*limits.format) node.entries.emplace_back("format", text_node(limits.format));
  if (limits.min_length) node.entries.emplace_back("minLength", number_node(limits.min_length));
  if (!*limits.format || limits.max_length)
    node.entries.emplace_back("maxLength", number_node(limits.max_length ? limits.max_length : kLongestText));
  if (*limits.pattern) node.entries.emplace_back("pattern", text_node(limits.pattern));
  return node;
}

// A whole number or a text of that pattern, so that YAML's `read: 5` is as good as "5s".
Node number_or_text(std::string_view sentence, const char* pattern) {
  Node node = map_node();
  if (!sentence.empty()) node.entries.emplace_back("description", text_node(described(sentence)));
  node.entries.emplace_back("x-kubernetes-int-or-string", plain_node("true"));
  node.entries.emplace_back("maxLength", number_node(32));
  node.entries.emplace_back("pattern", text_node(pattern));
  return node;
}

}  // namespace

Node text_node(std::string_view text) { return {Node::Kind::kText, 0, std::string(text), {}, {}}; }
Node plain_node(std::string_view text) { return {Node::Kind::kPlain, 0, std::string(text), {}, {}}; }
Node map_node(std::vector<std::pair<std::string, Node>> entries) {
  return {Node::Kind::kMap, 0, "", {}, std::move(entries)};
}
Node list_node(std::vector<Node> items) { return {Node::Kind::kList, 0, "", std::move(items), {}}; }

Node Schema::take() {
  Node node = typed("object", sentence_);
  if (!required_.empty()) {
    Node names = list_node();
    for (const std::string& name : required_) names.items.push_back(text_node(name));
    node.entries.emplace_back("required", std::move(names));
  }
  if (!rules_.empty()) node.entries.emplace_back("x-kubernetes-validations", list_node(std::move(rules_)));
  node.entries.emplace_back("properties", map_node(std::move(properties_)));
  return node;
}

bool Schema::has_defaults() const {
  for (const auto& [name, schema] : properties_)
    for (const auto& [word, value] : schema.entries)
      if (word == "default") return true;
  return false;
}

void Schema::add(std::string_view name, Node schema, const Limits& limits) {
  if (limits.required) required_.emplace_back(name);
  properties_.emplace_back(std::string(name), std::move(schema));
}

void Schema::text(std::string_view name, const std::string& value, std::string_view sentence,
                  const Limits& limits) {
  Node node = text_schema(sentence, limits);
  if (!value.empty() && defaults_ == Defaults::kWritten)
    node.entries.emplace_back("default", text_node(value));
  add(name, std::move(node), limits);
}

void Schema::number(std::string_view name, std::string_view format, const std::string& initial,
                    std::string_view sentence, const Limits& limits) {
  Node node = typed("integer", sentence);
  node.entries.emplace_back("format", text_node(format));
  if (limits.min != INT64_MIN) node.entries.emplace_back("minimum", plain_node(std::to_string(limits.min)));
  if (limits.max != INT64_MAX) node.entries.emplace_back("maximum", plain_node(std::to_string(limits.max)));
  if (!initial.empty() && !limits.required && defaults_ == Defaults::kWritten)
    node.entries.emplace_back("default", plain_node(initial));
  add(name, std::move(node), limits);
}

void Schema::boolean(std::string_view name, bool value, std::string_view sentence) {
  Node node = typed("boolean", sentence);
  if (defaults_ == Defaults::kWritten)
    node.entries.emplace_back("default", plain_node(value ? "true" : "false"));
  add(name, std::move(node), {});
}

void Schema::duration(std::string_view name, std::chrono::nanoseconds value, std::string_view sentence,
                      const Limits& limits) {
  Node node = number_or_text(sentence, kDurationPattern);
  if (defaults_ == Defaults::kWritten)
    node.entries.emplace_back("default", text_node(format_duration(value)));
  add(name, std::move(node), limits);
}

void Schema::bytes(std::string_view name, uint64_t value, std::string_view sentence, const Limits& limits) {
  Node node = number_or_text(sentence, kBytesPattern);
  if (defaults_ == Defaults::kWritten) node.entries.emplace_back("default", text_node(format_bytes(value)));
  add(name, std::move(node), limits);
}

void Schema::base64(std::string_view name, const std::string&, std::string_view sentence,
                    const Limits& limits) {
  Limits bytes = limits;
  bytes.format = "byte";
  add(name, text_schema(sentence, bytes), limits);
}

void Schema::add_choice(std::string_view name, const std::vector<std::string>& words,
                        const std::string& initial, std::string_view sentence, const Limits& limits) {
  Node node = typed("string", sentence);
  Node choices = list_node();
  for (const std::string& word : words) choices.items.push_back(text_node(word));
  node.entries.emplace_back("enum", std::move(choices));
  if (!initial.empty() && defaults_ == Defaults::kWritten)
    node.entries.emplace_back("default", text_node(initial));
  add(name, std::move(node), limits);
}

void Schema::add_list(std::string_view name, Node items, std::string_view sentence, const Limits& limits) {
  Node node = typed("array", sentence);
  node.entries.emplace_back("maxItems", number_node(limits.max_items ? limits.max_items : kMostItems));
  if (*limits.key) {
    node.entries.emplace_back("x-kubernetes-list-type", text_node("map"));
    node.entries.emplace_back("x-kubernetes-list-map-keys", list_node({text_node(limits.key)}));
  } else {
    node.entries.emplace_back("x-kubernetes-list-type", text_node(limits.set ? "set" : "atomic"));
  }
  node.entries.emplace_back("items", std::move(items));
  Limits own = limits;
  add(name, std::move(node), own);
}

void Schema::text_list(std::string_view name, const std::vector<std::string>&, std::string_view sentence,
                       const Limits& limits) {
  Limits item;
  item.max_length = limits.max_length;
  add_list(name, text_schema("", item), sentence, limits);
}

void Schema::integer_list(std::string_view name, const std::vector<int>&, std::string_view sentence,
                          const Limits& limits) {
  Node item = map_node({{"type", text_node("integer")}, {"format", text_node("int32")}});
  if (limits.min != INT64_MIN) item.entries.emplace_back("minimum", plain_node(std::to_string(limits.min)));
  if (limits.max != INT64_MAX) item.entries.emplace_back("maximum", plain_node(std::to_string(limits.max)));
  add_list(name, std::move(item), sentence, limits);
}

void Schema::text_map(std::string_view name, const std::map<std::string, std::string>&,
                      std::string_view sentence, const Limits& limits) {
  Limits item;
  item.max_length = limits.max_length;
  Node node = typed("object", sentence);
  node.entries.emplace_back("maxProperties", number_node(limits.max_items ? limits.max_items : kMostItems));
  node.entries.emplace_back("additionalProperties", text_schema("", item));
  add(name, std::move(node), limits);
}

void Schema::quantities(std::string_view name, const std::map<std::string, std::string>&,
                        std::string_view sentence) {
  Node node = typed("object", sentence);
  node.entries.emplace_back("maxProperties", number_node(kMostItems));
  node.entries.emplace_back("additionalProperties", number_or_text("", kQuantityPattern));
  add(name, std::move(node), {});
}

void Schema::foreign(std::string_view name, const std::string&, std::string_view sentence) {
  Node node = typed("object", sentence);
  node.entries.emplace_back("x-kubernetes-preserve-unknown-fields", plain_node("true"));
  add(name, std::move(node), {});
}

void Schema::add_object(std::string_view name, Node schema, bool filled, const Limits& limits) {
  if (filled && defaults_ == Defaults::kWritten) schema.entries.emplace_back("default", map_node());
  add(name, std::move(schema), limits);
}

void Schema::rule(const char* expression, const char* message) {
  rules_.push_back(map_node({{"rule", text_node(expression)}, {"message", text_node(message)}}));
}

}  // namespace faisca::api::internal
