// From what was observed to what is to be done: pure rules, in order.
//
//   1. A Function that is being deleted is left to the garbage collector: its children carry owner
//   references.
//   2. A Function that makes no sense keeps the children it has; only its status says so.
//   3. A missing Runtime likewise: instances that run go on running.
//   4. A mem program without a device has no instances.
//   5. Children of ours that are no longer wanted are removed.
//   6. A child of that name that is not ours is not touched: the Function says so.
#pragma once

#include <optional>
#include <vector>

#include "operator/function/observe.h"
#include "operator/function/resources.h"
#include "operator/function/settings.h"

namespace faisca::operators {

inline constexpr char kNameConflict[] = "NameConflict";

struct Decision {
  std::vector<Wanted> apply;       // children that differ from what is wanted, or are missing
  std::vector<ChildKind> remove;   // children of ours that are not wanted
  int replicas = 0;                // instances wanted
  std::optional<Problem> problem;  // what keeps the rest from being done
  bool wait = false;               // for a child of a former Function of this name to go
};

Decision decide(const Observed& observed, const FunctionSettings& settings);

enum class Ownership {
  kOurs,    // the Function is its controller, or it lost its owner and still has our labels
  kFormer,  // of a deleted Function of the same name: the garbage collector comes for it
  kForeign,
};
Ownership ownership_of(const kube::Json& child, const Owner& owner);

}  // namespace faisca::operators
