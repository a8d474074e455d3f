#include "operator/function/resources.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/types/offload_program/device_label.h"
#include "api/types/offload_program/offload_program.h"
#include "lib/base/base64.h"
#include "lib/kube/apply.h"
#include "operator/function/environment.h"
#include "operator/function/pod.h"

namespace faisca::operators {
namespace {

using kube::Json;

constexpr int kProgressDeadline = 120;  // seconds without progress until a rollout counts as failed
constexpr int kRevisions = 2;           // kept for `kubectl rollout undo`

Json deployment(const WantedInput& input, const FunctionSettings& settings) {
  Json object = child_object(ChildKind::kDeployment, input.owner);
  object["spec"] = {
      {"replicas", input.replicas},
      {"revisionHistoryLimit", kRevisions},
      {"progressDeadlineSeconds", kProgressDeadline},
      {"selector", {{"matchLabels", {{kFunctionLabel, input.owner.key.name}}}}},
      // New instances are ready before old ones are told to stop.
      {"strategy",
       {{"type", "RollingUpdate"}, {"rollingUpdate", {{"maxUnavailable", 0}, {"maxSurge", "25%"}}}}},
      {"template", pod_template({input.function, input.runtime, input.node}, settings)}};
  return object;
}

// Without an address of its own: the gateway reads the EndpointSlices, and a thousand functions take no
// addresses.
Json service(const WantedInput& input) {
  Json object = child_object(ChildKind::kService, input.owner);
  object["spec"] = {
      {"clusterIP", "None"},
      {"selector", {{kFunctionLabel, input.owner.key.name}}},
      {"ports",
       Json::array({{{"name", "http"}, {"port", 8080}, {"targetPort", "http"}, {"protocol", "TCP"}}})}};
  return object;
}

std::optional<Json> code(const WantedInput& input) {
  const api::FunctionSpec& spec = input.function.spec;
  Json object = child_object(ChildKind::kConfigMap, input.owner);
  if (spec.offload) {
    object["binaryData"] = {{kObjectFile, base64_encode(spec.offload->object)}};
    return object;
  }
  if (!spec.source || spec.source->inline_code.empty() || !input.runtime) return std::nullopt;
  object["data"] = {{input.runtime->file, spec.source->inline_code}};
  return object;
}

Json program(const WantedInput& input) {
  const api::Offload& offload = *input.function.spec.offload;
  api::OffloadProgram program;
  program.spec = {.function = input.owner.key.name,
                  .convention = offload.convention,
                  .object = offload.object,
                  .entry = offload.program,
                  .device = input.device,
                  .ports = offload.ports,
                  .lease = offload.lease,
                  .budget = offload.budget};
  Json object = child_object(ChildKind::kOffloadProgram, input.owner);
  // By this label the device plugin of the device's node finds it.
  if (!input.device.empty())
    object["metadata"]["labels"][api::kDeviceLabel] = api::device_label(input.device);
  object["spec"] = Json::parse(api::print_offload_program_spec_json(program))["spec"];
  return object;
}

}  // namespace

int wanted_replicas(const api::FunctionSpec& spec) {
  const int asked = spec.replicas.value_or(std::max(spec.scale.min, 1));
  if (spec.suspended || asked == 0) return 0;
  return std::clamp(asked, spec.scale.min, std::max(spec.scale.min, spec.scale.max));
}

std::vector<Wanted> wanted_children(const WantedInput& input, const FunctionSettings& settings) {
  std::vector<Wanted> out;
  const bool xdp =
      input.function.spec.offload && input.function.spec.offload->convention == api::Convention::kXdp;
  if (input.function.spec.offload) out.push_back({ChildKind::kOffloadProgram, program(input)});
  if (!xdp) {
    if (auto object = code(input)) out.push_back({ChildKind::kConfigMap, *std::move(object)});
    out.push_back({ChildKind::kService, service(input)});
    out.push_back({ChildKind::kDeployment, deployment(input, settings)});
  }
  for (Wanted& child : out) kube::stamp(child.object);
  return out;
}

}  // namespace faisca::operators
