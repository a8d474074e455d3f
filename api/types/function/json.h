// The objects of OpenFaaS's REST API that carry a function: FunctionDeployment in, FunctionStatus out.
// Field names: https://github.com/openfaas/faas/blob/master/api-docs/spec.openapi.yml
//
//   service → metadata.name        namespace → metadata.namespace   image → spec.image
//   envProcess ↔ handler.command   envVars ↔ env                    labels, annotations ↔ metadata
//   labels com.openfaas.scale.min and .max ↔ scale.min, scale.max
//   secrets ↔ secrets               limits, requests ↔ resources     readOnlyRootFilesystem ↔ the same
//   constraints ("KEY=VALUE" or "KEY == VALUE") ↔ pod.nodeSelector
// An OpenFaaS object has no place for source and offload; deploy those as a Function (yaml.h).
// Unknown JSON fields are ignored, as OpenFaaS does. Pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "api/types/function/function.h"
#include "lib/base/result.h"

namespace faisca::api {

// What a platform knows about a function beside its spec.
struct FunctionFigures {
  int replicas = 0;
  int available_replicas = 0;
  double invocation_count = 0;
  std::chrono::system_clock::time_point created_at{};
  struct Usage {
    double cpu_millicores = 0;
    double memory_bytes = 0;
  };
  std::optional<Usage> usage;  // printed when present
};

// A FunctionDeployment. Errors are kInvalidArgument and name the field. Defaults applied; not validated
// (validate.h).
Result<Function> function_from_deployment(std::string_view json);
// The FunctionDeployment that function_from_deployment turns back into `function`, as far as it has fields
// for it.
std::string deployment_json(const Function& function);

// One FunctionStatus object.
std::string status_json(const Function& function, const FunctionFigures& figures);

}  // namespace faisca::api
