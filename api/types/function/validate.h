// Does a Function make sense? Pure; no platform is asked.
#pragma once

#include <string_view>

#include "api/types/function/function.h"
#include "lib/base/result.h"

namespace faisca::api {

inline constexpr int kMaxReplicas = 1000;

// The first thing wrong, as kInvalidArgument: field path, value, remedy. Apply defaults first.
Status validate(const Function& function);

// A DNS-1123 label: 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'. `field` names it in the error.
Status validate_name(std::string_view name, std::string_view field);

}  // namespace faisca::api
