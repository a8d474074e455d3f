#include "lib/kube/contains.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>

#include "lib/kube/quantity.h"

namespace faisca::kube {
namespace {

// What tells the elements of a list apart, in the order of preference: the merge keys of the built-in types.
constexpr std::array<std::string_view, 9> kNames = {
    "name", "type", "uid", "mountPath", "devicePath", "containerPort", "port", "ip", "topologyKey"};

bool is_among(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_dropped(const Json& value) {
  return value.is_null() || (value.is_array() && value.empty()) ||
         (value.is_string() && value.get_ref<const std::string&>().empty());
}

std::optional<__int128> quantity(const Json& value) {
  if (value.is_string()) return quantity_value(value.get_ref<const std::string&>());
  if (value.is_number_integer()) return quantity_value(std::to_string(value.get<int64_t>()));
  if (value.is_number_float()) return quantity_value(value.dump());
  return {};
}

// Every element has `name` as a text or number, and no two the same.
bool names_all(const Json& list, std::string_view name) {
  std::set<Json> seen;
  for (const Json& one : list) {
    if (!one.is_object()) return false;
    const auto found = one.find(name);
    if (found == one.end() || found->is_structured() || !seen.insert(*found).second) return false;
  }
  return true;
}

class Comparison {
 public:
  // The pointer's text grows only on the way back from a difference.
  bool matches(const Json& live, const Json& wanted) { return value(live, wanted, "", false); }
  std::string pointer() const {
    std::string out;
    for (auto part = way_.rbegin(); part != way_.rend(); ++part) out += "/" + *part;
    return out.empty() ? "/" : out;
  }

 private:
  bool value(const Json& live, const Json& wanted, std::string_view name, bool is_quantity) {
    if (wanted.is_object()) return live.is_object() && members(live, wanted, name);
    if (wanted.is_array()) return live.is_array() && list(live, wanted, name);
    if (live == wanted) return true;
    if (!is_quantity) return false;
    const auto is = quantity(live), should_be = quantity(wanted);
    return is && should_be && *is == *should_be;
  }

  bool members(const Json& live, const Json& wanted, std::string_view name) {
    const bool are_quantities = is_among(name, {"limits", "requests", "capacity", "allocatable", "hard"});
    for (const auto& [member, value_wanted] : wanted.items()) {
      const auto found = live.find(member);
      const bool same = found == live.end()
                            ? is_dropped(value_wanted)
                            : value(*found, value_wanted, member, are_quantities || member == "sizeLimit") ||
                                  (is_dropped(value_wanted) && is_dropped(*found));
      if (!same) return differs(member);
    }
    return true;
  }

  bool list(const Json& live, const Json& wanted, std::string_view name) {
    if (name == "finalizers")
      return each(wanted,
                  [&](const Json& one) { return std::find(live.begin(), live.end(), one) != live.end(); });
    for (const std::string_view by : kNames)
      if (names_all(wanted, by) && names_all(live, by))
        return each(wanted, [&](const Json& one) {
          const auto found = std::find_if(
              live.begin(), live.end(), [&](const Json& other) { return *other.find(by) == *one.find(by); });
          return found != live.end() && value(*found, one, "", false);
        });
    if (live.size() != wanted.size()) return false;
    size_t i = 0;
    return each(wanted, [&](const Json& one) { return value(live[i++], one, "", false); });
  }

  template <class Same>
  bool each(const Json& list, Same same) {
    size_t i = 0;
    for (const Json& one : list) {
      if (!same(one)) return differs(std::to_string(i));
      ++i;
    }
    return true;
  }

  bool differs(std::string part) {
    for (size_t i = 0; (i = part.find('/', i)) != std::string::npos; i += 2) part.replace(i, 1, "~1");
    way_.push_back(std::move(part));
    return false;
  }

  std::vector<std::string> way_;  // to the difference, innermost first
};

}  // namespace

bool contains(const Json& live, const Json& wanted) { return Comparison().matches(live, wanted); }

std::string first_difference(const Json& live, const Json& wanted) {
  Comparison comparison;
  return comparison.matches(live, wanted) ? "" : comparison.pointer();
}

}  // namespace faisca::kube
