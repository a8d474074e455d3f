#include "operator/function/status.h"

#include <algorithm>
#include <array>

#include "api/types/function/mapping.h"
#include "api/types/offload_program/offload_program.h"
#include "lib/kube/object.h"

namespace faisca::operators {
namespace {

using api::ConditionStatus;
using kube::Json;

// Of the Deployment, in the words of its status.
struct Figures {
  bool exists = false;
  bool seen = false;  // the Deployment controller has seen the current spec
  int wanted = 0;
  int replicas = 0;
  int updated = 0;
  int ready = 0;

  // Ready instances of the current template, at least: old ones count as ready first.
  int ready_updated() const { return seen ? std::max(0, ready - (replicas - updated)) : 0; }
  bool settled() const {
    return exists && seen && replicas == wanted && updated == wanted && ready == wanted;
  }
};

int number_at(const Json& object, std::string_view path) {
  const Json& value = kube::at(object, path);
  return value.is_number_integer() ? value.get<int>() : 0;
}

Figures figures_of(const Json& deployment) {
  if (deployment.is_null()) return {};
  return {.exists = true,
          .seen = number_at(deployment, "/status/observedGeneration") >=
                  number_at(deployment, "/metadata/generation"),
          .wanted = number_at(deployment, "/spec/replicas"),
          .replicas = number_at(deployment, "/status/replicas"),
          .updated = number_at(deployment, "/status/updatedReplicas"),
          .ready = number_at(deployment, "/status/readyReplicas")};
}

std::optional<Problem> problem_of_pods(const std::vector<PodView>& pods) {
  for (const PodView& pod : pods)
    if (!pod.ready && !pod.deleting && !pod.reason.empty()) return Problem{pod.reason, pod.message};
  return std::nullopt;
}

std::optional<Problem> problem_of_deployment(const Json& deployment) {
  for (const Json& condition : kube::at(deployment, "/status/conditions")) {
    const std::string type = kube::text_at(condition, "/type"), status = kube::text_at(condition, "/status");
    if (type == "ReplicaFailure" && status == "True")
      return Problem{kube::text_at(condition, "/reason"), kube::text_at(condition, "/message")};
    if (type == "Progressing" && status == "False")
      return Problem{kube::text_at(condition, "/reason"), kube::text_at(condition, "/message")};
  }
  return std::nullopt;
}

std::string runtime_of(const api::FunctionSpec& spec) {
  if (spec.offload)
    return "ebpf/" + std::string(api::word_of(api::internal::kConventions, spec.offload->convention));
  return spec.source ? spec.source->runtime : "image";
}

std::optional<api::OffloadProgram> program_of(const Observed& observed) {
  const auto found = observed.live.find(ChildKind::kOffloadProgram);
  if (found == observed.live.end()) return std::nullopt;
  Json whole = found->second;
  whole["apiVersion"] = api::kApiVersion;
  whole["kind"] = api::kOffloadProgramKind;
  auto program = api::parse_offload_program(whole.dump(), api::UnknownFields::kIgnore);
  if (!program) return std::nullopt;
  return *std::move(program);
}

std::optional<Problem> problem_of_placement(const Observed& observed) {
  if (!observed.function.spec.offload || !observed.placement || observed.placement->fits) return std::nullopt;
  return Problem{observed.placement->device.empty() ? "NoDevice" : "DeviceGone",
                 observed.placement->message()};
}

struct Verdict {
  ConditionStatus ready = ConditionStatus::kUnknown;
  Problem why;
  bool progressing = false;
  std::optional<Problem> wrong;
};

// An xdp program is ready when the device it is placed on says so.
Verdict judge_program(const StatusInput& input, std::optional<Problem> wrong) {
  const auto program = program_of(input.observed);
  const bool current = program && input.observed.placement &&
                       program->status.device == input.observed.placement->device &&
                       program->status.observed_generation > 0;
  const api::Condition* ready =
      current ? api::find_condition(program->status.conditions, api::kReady) : nullptr;
  Verdict out{.why = {}, .wrong = std::move(wrong)};
  if (!out.wrong && ready && ready->status == ConditionStatus::kFalse)
    out.wrong = Problem{ready->reason, ready->message};
  if (out.wrong) {
    out.ready = ConditionStatus::kFalse;
    out.why = *out.wrong;
  } else if (ready && ready->status == ConditionStatus::kTrue) {
    out.ready = ConditionStatus::kTrue;
    out.why = {"ProgramAttached", "the program is on its ports"};
  } else {
    out.progressing = true;
    out.why = {"Loading", "the device has not said yet that the program is on its ports"};
  }
  return out;
}

Verdict judge_instances(const StatusInput& input, std::optional<Problem> wrong) {
  const Figures figures = figures_of(input.deployment);
  const int wanted = input.decision.replicas;
  Verdict out{.why = {}, .wrong = std::move(wrong)};
  if (!out.wrong) out.wrong = problem_of_deployment(input.deployment);
  // The pods say more than the Deployment's time-out.
  if (!input.decision.problem && wanted > 0)
    if (auto pods = problem_of_pods(input.observed.pods)) out.wrong = pods;
  out.progressing = !figures.settled();
  const int answering = figures.ready_updated();
  if (answering > 0 && !input.decision.problem && !input.refused) {
    out.ready = ConditionStatus::kTrue;
    out.why = {"InstancesReady",
               std::to_string(figures.ready) + " of " + std::to_string(wanted) + " instances are ready"};
  } else if (out.wrong) {
    out.ready = ConditionStatus::kFalse;
    out.why = *out.wrong;
  } else if (wanted == 0 && figures.seen) {
    out.ready = ConditionStatus::kTrue;
    out.why = {"ScaledToZero", "no instance runs; a request starts one"};
  } else if (figures.ready > 0) {
    out.why = {"RollingOut", "instances of the spec before answer until new ones are ready"};
  } else {
    out.why = {"Starting", "no instance is ready yet"};
  }
  if (out.ready == ConditionStatus::kTrue && wanted > 0 && figures.ready == wanted)
    out.why.message = "all instances are ready";
  return out;
}

Verdict judge(const StatusInput& input) {
  std::optional<Problem> wrong = input.decision.problem;
  if (!wrong) wrong = input.refused;
  if (!wrong) wrong = problem_of_placement(input.observed);
  const api::FunctionSpec& spec = input.observed.function.spec;
  Verdict out = spec.offload && spec.offload->convention == api::Convention::kXdp
                    ? judge_program(input, std::move(wrong))
                    : judge_instances(input, std::move(wrong));
  if (spec.suspended && !out.wrong) {
    out.ready = ConditionStatus::kFalse;
    out.why = {"Suspended", "spec.suspended is true; hint: set it to false to run instances again"};
  }
  return out;
}

void fill_offload(const Observed& observed, api::FunctionStatus& out) {
  if (!observed.function.spec.offload) return;
  api::OffloadStatus& offload = out.offload.emplace();
  if (observed.placement) offload.device = observed.placement->device;
  const auto program = program_of(observed);
  if (!program) return;
  if (offload.device.empty()) offload.device = program->status.device;
  offload.ports = program->status.ports;
  offload.packets = program->status.counters.packets;
  offload.faults = program->status.counters.faults;
  offload.program_id = program->status.program_id;
}

}  // namespace

std::string url_of(const api::Function& function, const FunctionSettings& settings) {
  if (settings.gateway_url.empty()) return "";
  const auto& offload = function.spec.offload;
  if (offload && offload->convention == api::Convention::kXdp) return "";  // called by packets
  std::string out = settings.gateway_url + "/function/" + function.metadata.name;
  if (function.metadata.name_space != settings.default_space) out += "." + function.metadata.name_space;
  return out;
}

api::FunctionStatus decide_status(const StatusInput& input, const FunctionSettings& settings) {
  const Observed& observed = input.observed;
  const Verdict verdict = judge(input);
  const Figures figures = figures_of(input.deployment);
  api::FunctionStatus out;
  out.conditions = observed.status.conditions;
  out.observed_generation = observed.generation;
  out.replicas = figures.replicas;
  out.ready_replicas = figures.ready;
  out.selector = selector_of(observed.owner.key.name);
  out.url = observed.unreadable ? observed.status.url : url_of(observed.function, settings);
  out.runtime = observed.unreadable ? observed.status.runtime : runtime_of(observed.function.spec);
  out.reason = verdict.ready == ConditionStatus::kTrue ? "" : verdict.why.reason;
  fill_offload(observed, out);
  const auto set = [&](const char* type, ConditionStatus status, const Problem& why) {
    api::set_condition(out.conditions,
                       {type, status, why.reason, why.message.substr(0, 4096), observed.generation, ""},
                       input.now);
  };
  set(api::kReady, verdict.ready, verdict.why);
  set(api::kProgressing, verdict.progressing ? ConditionStatus::kTrue : ConditionStatus::kFalse,
      verdict.progressing ? Problem{"CarryingOut", "instances are being brought to what the spec says"}
                          : Problem{"Settled", "the instances are as the spec says"});
  set(api::kDegraded, verdict.wrong ? ConditionStatus::kTrue : ConditionStatus::kFalse,
      verdict.wrong ? *verdict.wrong : Problem{"AsExpected", ""});
  return out;
}

bool only_counters_differ(const api::FunctionStatus& before, const api::FunctionStatus& after) {
  if (before == after || !before.offload || !after.offload) return false;
  api::FunctionStatus same = after;
  same.offload->packets = before.offload->packets;
  same.offload->faults = before.offload->faults;
  return same == before;
}

std::optional<Tale> tell(const api::FunctionStatus& before, const api::FunctionStatus& after) {
  const api::Condition* was = api::find_condition(before.conditions, api::kDegraded);
  const api::Condition* is = api::find_condition(after.conditions, api::kDegraded);
  const bool was_wrong = was && was->status == ConditionStatus::kTrue;
  const bool is_wrong = is && is->status == ConditionStatus::kTrue;
  if (is_wrong && (!was_wrong || was->reason != is->reason || was->message != is->message))
    return Tale{true, is->reason, is->message};
  if (was_wrong && !is_wrong) return Tale{false, "Recovered", "what was wrong is over: " + was->reason};
  const api::Condition* ready = api::find_condition(after.conditions, api::kReady);
  if (ready && ready->reason == "Suspended" && before.reason != "Suspended")
    return Tale{false, ready->reason, ready->message};
  if (before.reason == "Suspended" && after.reason != "Suspended")
    return Tale{false, "Resumed", "spec.suspended is no longer true"};
  return std::nullopt;
}

}  // namespace faisca::operators
