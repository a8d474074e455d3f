// A condition of a resource's status, as Kubernetes has them
// (https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md).
// Thread: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/types/fields/choices.h"
#include "api/types/fields/limits.h"

namespace faisca::api {

enum class ConditionStatus { kUnknown, kTrue, kFalse };
inline constexpr Choices<ConditionStatus, 3> kConditionStatuses = {{{"True", ConditionStatus::kTrue},
                                                                    {"False", ConditionStatus::kFalse},
                                                                    {"Unknown", ConditionStatus::kUnknown}}};

struct Condition {
  std::string type;
  ConditionStatus status = ConditionStatus::kUnknown;
  std::string reason;   // one CamelCase word, for programs
  std::string message;  // for people
  int64_t observed_generation = 0;
  std::string last_transition_time;  // RFC 3339, when `status` changed last

  bool operator==(const Condition&) const = default;
};
using Conditions = std::vector<Condition>;

// The condition of that type, or null.
const Condition* find_condition(const Conditions& conditions, std::string_view type);

// Puts `next` into `conditions`; its lastTransitionTime is `now` (RFC 3339) if the status changed, else the
// old one.
void set_condition(Conditions& conditions, Condition next, std::string_view now);

namespace internal {

inline constexpr auto kConditionFields = [](auto& io, Condition& v) {
  io.text("type", v.type, "Which condition", {.required = true, .min_length = 1, .max_length = 64});
  io.choice("status", v.status, kConditionStatuses, "Whether it holds", {.required = true});
  io.text("reason", v.reason, "Why, as one word for programs", {.max_length = 128});
  io.text("message", v.message, "Why, for people", {.max_length = 4096});
  io.integer("observedGeneration", v.observed_generation, "Generation of the resource that this is about");
  io.text("lastTransitionTime", v.last_transition_time, "When the condition's status last changed",
          {.format = "date-time"});
};

}  // namespace internal
}  // namespace faisca::api
