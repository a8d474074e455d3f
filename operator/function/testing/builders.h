// Functions and children for tests of decisions.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "api/types/function/function.h"
#include "lib/kube/apply.h"
#include "operator/function/observe.h"
#include "operator/function/projection.h"
#include "operator/function/resources.h"
#include "operator/function/settings.h"

namespace faisca::operators::testing {

inline FunctionSettings settings() {
  FunctionSettings out;
  out.gateway_url = "http://gateway.faisca";
  out.offload_image = "faisca.dev/offload:1";
  return out;
}

inline api::Function function(const std::string& name = "resize") {
  api::Function out;
  out.metadata.name = name;
  out.metadata.name_space = "default";
  out.spec.image = "registry.example/resize:1";
  return out;
}

inline api::Function inline_function(const std::string& code = "print(1)") {
  api::Function out = function("greet");
  out.spec.image.clear();
  out.spec.source = api::Source{"python3", code, {}};
  return out;
}

inline api::Function offloaded(api::Convention convention) {
  api::Function out = function("count");
  out.spec.image.clear();
  out.spec.offload.emplace().object = "ELF";
  out.spec.offload->convention = convention;
  return out;
}

inline api::RuntimeSpec python() {
  return {
      "faisca.dev/runtime-python3:1", "handler.py", {"python3", "handler.py"}, {{"PYTHONUNBUFFERED", "1"}}};
}

inline Owner owner_of(const api::Function& function, const std::string& uid = "uid-1") {
  return {kube::kFunctions, {function.metadata.name_space, function.metadata.name}, uid};
}

inline Observed observed(const api::Function& function) {
  Observed out;
  out.owner = owner_of(function);
  out.generation = 1;
  out.function = function;
  if (function.spec.source) out.runtime = python();
  return out;
}

// As the caches would have them after everything wanted was applied.
inline Observed with_children(Observed observed, const FunctionSettings& settings) {
  WantedInput input{.function = observed.function, .owner = observed.owner};
  if (observed.runtime) input.runtime = &*observed.runtime;
  input.replicas = wanted_replicas(observed.function.spec);
  if (observed.placement) {
    input.device = observed.placement->device;
    input.node = observed.placement->node;
  }
  for (Wanted& child : wanted_children(input, settings)) {
    kube::Json live = comparable(std::move(child.object));
    live["metadata"]["uid"] = "child-uid";
    live["metadata"]["generation"] = 1;
    observed.live[child.kind] = std::move(live);
  }
  return observed;
}

// The status of a Deployment whose controller has seen it.
inline void set_instances(Observed& observed, int replicas, int updated, int ready) {
  kube::Json& deployment = observed.live[ChildKind::kDeployment];
  deployment["status"] = {{"observedGeneration", deployment["metadata"]["generation"]},
                          {"replicas", replicas},
                          {"updatedReplicas", updated},
                          {"readyReplicas", ready}};
}

}  // namespace faisca::operators::testing
