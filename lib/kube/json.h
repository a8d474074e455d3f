// JSON as lib/kube passes it around. Declared only: include <nlohmann/json.hpp> where values are read or
// made.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace faisca::kube {

using Json = nlohmann::json;

}  // namespace faisca::kube
