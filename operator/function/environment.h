// The environment of a function's container: what the watchdog reads (docs/reference/config.md), the
// runtime's and the function's own variables. Pure.
#pragma once

#include "api/types/function/function.h"
#include "api/types/runtime/runtime.h"
#include "lib/kube/json.h"
#include "operator/function/settings.h"

namespace faisca::operators {

inline constexpr char kCodeFolder[] = "/function";  // where code is mounted; the handler's working folder
inline constexpr char kObjectFile[] = "object.o";   // of an offloaded program, in it

// A core/v1 EnvVar list, sorted by name so that it changes only when something changes. A function's own
// variable is stronger than the runtime's, and both than the watchdog's settings but for those that begin
// with FAISCA_. `runtime` null: the function has none.
kube::Json environment_of(const api::Function& function, const api::RuntimeSpec* runtime,
                          const FunctionSettings& settings);

}  // namespace faisca::operators
