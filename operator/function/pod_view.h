// What the controller remembers of a pod: whether it is ready, and if not, why. Pure.
#pragma once

#include <string>

#include "lib/base/result.h"
#include "lib/kube/json.h"

namespace faisca::operators {

struct PodView {
  std::string function;  // by its label
  bool ready = false;
  bool deleting = false;
  std::string reason;   // ImagePullBackOff, CrashLoopBackOff, Unschedulable, …; empty: nothing is wrong
  std::string message;  // for people; does not change while the same thing goes wrong again and again

  bool operator==(const PodView&) const = default;
};

Result<PodView> view_of_pod(const kube::Json& pod);

}  // namespace faisca::operators
