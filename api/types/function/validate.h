// Does a Function make sense? Pure; no platform is asked. On Kubernetes the schema of the API server says
// most of it first (api/crd); what is here too is for those who write resources: the gateway's REST API and
// the CLI.
#pragma once

#include <string_view>

#include "api/types/function/function.h"
#include "lib/base/result.h"

namespace faisca::api {

inline constexpr int kMaxReplicas = 1000;

// The first thing wrong, as kInvalidArgument: field path, value, remedy. Apply defaults first. What the
// embedded platform cannot run although it makes sense is said when it is deployed there.
Status validate(const Function& function, Platform platform = Platform::kEmbedded);

// A DNS-1123 label: 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'. `field` names it in the error.
Status validate_name(std::string_view name, std::string_view field);

}  // namespace faisca::api
