#include "api/types/condition/condition.h"

#include <algorithm>

namespace faisca::api {

const Condition* find_condition(const Conditions& conditions, std::string_view type) {
  const auto found = std::find_if(conditions.begin(), conditions.end(),
                                  [&](const Condition& condition) { return condition.type == type; });
  return found == conditions.end() ? nullptr : &*found;
}

void set_condition(Conditions& conditions, Condition next, std::string_view now) {
  next.last_transition_time = now;
  for (Condition& condition : conditions) {
    if (condition.type != next.type) continue;
    if (condition.status == next.status && !condition.last_transition_time.empty())
      next.last_transition_time = condition.last_transition_time;
    condition = std::move(next);
    return;
  }
  conditions.push_back(std::move(next));
}

}  // namespace faisca::api
