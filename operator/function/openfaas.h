// Functions of openfaas.com/v1 as ours, and our status in the fields that their definition has. Pure.
//
// spec: name, image → image · handler → handler.command (split on spaces) · environment → env · secrets ·
// labels, annotations → metadata, and the pods' · labels com.openfaas.scale.min and .max → scale ·
// constraints "KEY=VALUE" or "KEY == VALUE" → pod.nodeSelector · limits, requests → resources ·
// readOnlyRootFilesystem (false when absent). Fields not listed have no effect.
// status: conditions, replicas, availableReplicas, unavailableReplicas, observedGeneration.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "api/types/function/function.h"
#include "api/types/function/status.h"
#include "lib/base/result.h"
#include "lib/kube/json.h"

namespace faisca::operators {

// `text` is the object's JSON. kInvalidArgument names the field.
Result<api::Function> read_openfaas_function(std::string_view text);
Result<api::FunctionStatus> read_openfaas_status(std::string_view text);
kube::Json openfaas_status_json(const api::FunctionStatus& status);

}  // namespace faisca::operators
