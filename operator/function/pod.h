// The pod template of a Function: the watchdog as its entry point, complete for the restricted Pod Security
// Standard (https://kubernetes.io/docs/concepts/security/pod-security-standards/). Pure.
#pragma once

#include <string>

#include "api/types/function/function.h"
#include "api/types/runtime/runtime.h"
#include "lib/kube/json.h"
#include "operator/function/settings.h"

namespace faisca::operators {

inline constexpr char kSecretsFolder[] = "/var/openfaas/secrets";
inline constexpr char kConfigFolder[] = "/var/openfaas/config";

struct PodInput {
  const api::Function& function;
  const api::RuntimeSpec* runtime = nullptr;  // of a function with source
  std::string node;                           // the only one it may run on; empty: any
};

kube::Json pod_template(const PodInput& input, const FunctionSettings& settings);

// How long a stopping pod may take: the time in which routers notice, then that of the requests in flight.
std::chrono::seconds termination_grace(const api::Timeouts& timeouts, const FunctionSettings& settings);

}  // namespace faisca::operators
