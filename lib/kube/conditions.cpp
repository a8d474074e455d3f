#include "lib/kube/conditions.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lib/kube/object.h"
#include "lib/kube/time_text.h"

namespace faisca::kube {
namespace {

std::string_view text_of(Truth truth) {
  return truth == Truth::kTrue ? "True" : truth == Truth::kFalse ? "False" : "Unknown";
}

Truth truth_of(std::string_view text) {
  return text == "True" ? Truth::kTrue : text == "False" ? Truth::kFalse : Truth::kUnknown;
}

}  // namespace

Conditions Conditions::from(const Json& conditions) {
  Conditions out;
  if (!conditions.is_array()) return out;
  for (const Json& one : conditions) {
    Condition read{.type = text_at(one, "/type"),
                   .status = truth_of(text_at(one, "/status")),
                   .reason = text_at(one, "/reason"),
                   .message = text_at(one, "/message"),
                   .last_transition_time = text_at(one, "/lastTransitionTime")};
    if (const Json& generation = at(one, "/observedGeneration"); generation.is_number_integer())
      read.observed_generation = generation.get<int64_t>();
    if (!read.type.empty() && out.find(read.type) == nullptr) out.all_.push_back(std::move(read));
  }
  return out;
}

bool Conditions::set(Condition condition, WallTime now) {
  const auto known = std::find_if(all_.begin(), all_.end(),
                                  [&](const Condition& one) { return one.type == condition.type; });
  const bool is_new = known == all_.end();
  if (is_new || known->status != condition.status || known->last_transition_time.empty())
    condition.last_transition_time = time_text(now);
  else
    condition.last_transition_time = known->last_transition_time;
  if (is_new) {
    all_.push_back(std::move(condition));
    return true;
  }
  const bool changed = known->status != condition.status || known->reason != condition.reason ||
                       known->message != condition.message ||
                       known->observed_generation != condition.observed_generation;
  *known = std::move(condition);
  return changed;
}

bool Conditions::remove(std::string_view type) {
  return std::erase_if(all_, [&](const Condition& one) { return one.type == type; }) > 0;
}

const Condition* Conditions::find(std::string_view type) const {
  for (const Condition& one : all_)
    if (one.type == type) return &one;
  return nullptr;
}

bool Conditions::is_true(std::string_view type) const {
  const Condition* found = find(type);
  return found != nullptr && found->status == Truth::kTrue;
}

Json Conditions::json() const {
  Json out = Json::array();
  for (const Condition& one : all_) {
    Json entry{{"type", one.type},
               {"status", text_of(one.status)},
               {"reason", one.reason},
               {"message", one.message},
               {"lastTransitionTime", one.last_transition_time}};
    if (one.observed_generation > 0) entry["observedGeneration"] = one.observed_generation;
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace faisca::kube
