// The children a Function should have, as objects for server-side apply. Pure: the same input gives the same
// bytes.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/types/function/function.h"
#include "api/types/runtime/runtime.h"
#include "operator/function/children.h"
#include "operator/function/settings.h"

namespace faisca::operators {

struct Wanted {
  ChildKind kind;
  kube::Json object;  // stamped (lib/kube/apply.h)
};

struct WantedInput {
  const api::Function& function;
  Owner owner;
  const api::RuntimeSpec* runtime = nullptr;  // of a function with source
  int replicas = 0;
  // Offload only: where it is placed; both empty: nowhere yet.
  std::string device;
  std::string node;
};

// In the order in which they are applied: what a pod needs comes before the pod.
std::vector<Wanted> wanted_children(const WantedInput& input, const FunctionSettings& settings);

// How many instances there should be: none when suspended or asked for 0, else within scale.min and
// scale.max.
int wanted_replicas(const api::FunctionSpec& spec);

}  // namespace faisca::operators
