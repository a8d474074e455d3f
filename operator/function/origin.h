// Where Functions come from: faisca.dev/v1alpha1, or openfaas.com/v1 read as the same type. Pure functions.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "api/types/function/function.h"
#include "api/types/function/status.h"
#include "lib/base/result.h"
#include "lib/kube/json.h"
#include "lib/kube/resource.h"

namespace faisca::operators {

struct Origin {
  kube::Resource resource;
  Result<api::Function> (*read)(std::string_view text);
  Result<api::FunctionStatus> (*read_status)(std::string_view text);
  kube::Json (*status_json)(const api::FunctionStatus& status);  // as its definition has it
};

const Origin& faisca_origin();
const Origin& openfaas_origin();

}  // namespace faisca::operators
