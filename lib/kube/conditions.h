// Status conditions as the API conventions want them.
// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties
// Thread: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/kube/json.h"

namespace faisca::kube {

enum class Truth { kTrue, kFalse, kUnknown };

struct Condition {
  std::string type;
  Truth status = Truth::kUnknown;
  std::string reason;   // UpperCamel, never empty in a written one
  std::string message;  // for people
  int64_t observed_generation = 0;
  std::string last_transition_time;  // metav1.Time; moves only when `status` changes
};

// The conditions of one object, in the order in which they were first set. At most one of each type.
class Conditions {
 public:
  // Reads status.conditions; what is not a condition is left out.
  static Conditions from(const Json& conditions);

  // True if anything but the transition time changed. `condition.last_transition_time` is ignored.
  bool set(Condition condition, WallTime now);
  bool remove(std::string_view type);
  const Condition* find(std::string_view type) const;
  bool is_true(std::string_view type) const;
  const std::vector<Condition>& all() const { return all_; }

  Json json() const;

 private:
  std::vector<Condition> all_;
};

}  // namespace faisca::kube
