#include "lib/kube/testing/selector.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "lib/kube/object.h"

namespace faisca::kube::testing {
namespace {

using Look = std::optional<std::string> (*)(const Json& object, const std::string& name);

std::optional<std::string> label(const Json& object, const std::string& name) {
  const Json& labels = at(object, "/metadata/labels");
  if (!labels.is_object() || !labels.contains(name)) return {};
  return label_of(object, name);
}

std::optional<std::string> field(const Json& object, const std::string& name) {
  if (name == "metadata.name") return key_of(object).name;
  if (name == "metadata.namespace") return key_of(object).space;
  return {};
}

bool holds(std::string_view term, const Json& object, Look look) {
  if (const size_t sign = term.find("!="); sign != term.npos)
    return look(object, std::string(term.substr(0, sign))) != std::string(term.substr(sign + 2));
  if (const size_t sign = term.find('='); sign != term.npos)
    return look(object, std::string(term.substr(0, sign))) ==
           std::string(term.substr(term.find_last_of('=') + 1));
  if (term.starts_with('!')) return !look(object, std::string(term.substr(1)));
  return look(object, std::string(term)).has_value();
}

bool all_hold(std::string_view terms, const Json& object, Look look) {
  while (!terms.empty()) {
    const size_t comma = std::min(terms.find(','), terms.size());
    if (!holds(terms.substr(0, comma), object, look)) return false;
    terms.remove_prefix(std::min(comma + 1, terms.size()));
  }
  return true;
}

}  // namespace

bool selects(std::string_view labels, std::string_view fields, const Json& object) {
  return all_hold(labels, object, label) && all_hold(fields, object, field);
}

}  // namespace faisca::kube::testing
