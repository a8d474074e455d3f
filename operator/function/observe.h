// Everything a decision about one Function is made from, read from the caches at one time. Plain values.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/types/function/function.h"
#include "api/types/function/status.h"
#include "api/types/runtime/runtime.h"
#include "operator/function/children.h"
#include "operator/function/pod_view.h"
#include "operator/offload/placement.h"

namespace faisca::operators {

// A reason a Function is not as it should be: a word for programs, a sentence for people.
struct Problem {
  std::string reason;
  std::string message;

  bool operator==(const Problem&) const = default;
};

struct Observed {
  Owner owner;
  int64_t generation = 0;
  bool deleting = false;
  api::Function function;
  std::optional<Problem> unreadable;   // `function` is not filled in
  std::optional<Problem> unplaceable;  // its offloaded object makes no sense
  api::FunctionStatus status;          // as the API server has it

  std::optional<api::RuntimeSpec> runtime;      // that source.runtime names; empty: there is none
  std::optional<offload::Placement> placement;  // of a function with offload

  std::map<ChildKind, kube::Json> live;  // the children there are; ConfigMaps with digests for data
  std::vector<PodView> pods;
};

}  // namespace faisca::operators
