#include "operator/function/decide.h"

#include <algorithm>

#include "api/types/function/validate.h"
#include "lib/kube/apply.h"
#include "lib/kube/contains.h"
#include "lib/kube/object.h"
#include "operator/function/projection.h"

namespace faisca::operators {
namespace {

using kube::Json;

std::optional<Problem> check(const Observed& observed) {
  if (observed.unreadable) return observed.unreadable;
  if (const Status valid = api::validate(observed.function, api::Platform::kKubernetes); !valid)
    return Problem{"InvalidSpec", valid.error().text()};
  if (observed.unplaceable) return observed.unplaceable;
  const auto& source = observed.function.spec.source;
  if (source && !observed.runtime)
    return Problem{"RuntimeNotFound", "there is no Runtime \"" + source->runtime +
                                          "\"; hint: `kubectl get runtimes` lists those there are"};
  return std::nullopt;
}

std::string name_of(ChildKind kind, const kube::ObjectKey& function) {
  return std::string(resource_of(kind).kind) + " " + child_key(kind, function).text();
}

void compare(const Observed& observed, Wanted child, Decision& out) {
  const auto found = observed.live.find(child.kind);
  if (found == observed.live.end()) return out.apply.push_back(std::move(child));
  const Json& live = found->second;
  const Ownership ownership = ownership_of(live, observed.owner);
  if (ownership == Ownership::kForeign) {
    if (!out.problem)
      out.problem =
          Problem{kNameConflict, "the " + name_of(child.kind, observed.owner.key) +
                                     " is there already and not this function's; hint: rename one of them"};
    return;
  }
  if (ownership == Ownership::kFormer || kube::is_being_deleted(live)) {
    out.wait = true;
    return;
  }
  if (!kube::contains(live, comparable(child.object))) out.apply.push_back(std::move(child));
}

}  // namespace

Ownership ownership_of(const Json& child, const Owner& owner) {
  const std::string uid = kube::controller_uid(child);
  const bool labelled = kube::label_of(child, kManagedByLabel) == kFieldManager &&
                        kube::label_of(child, kFunctionLabel) == owner.key.name;
  if (uid.empty()) return labelled ? Ownership::kOurs : Ownership::kForeign;
  if (uid == owner.uid) return Ownership::kOurs;
  const bool same = labelled && kube::controller_name(child, owner.resource.kind) == owner.key.name &&
                    kube::controller_api_version(child) == owner.resource.api_version();
  return same ? Ownership::kFormer : Ownership::kForeign;
}

Decision decide(const Observed& observed, const FunctionSettings& settings) {
  Decision out;
  if (observed.deleting) return out;
  out.problem = check(observed);
  if (out.problem) return out;
  const api::FunctionSpec& spec = observed.function.spec;
  WantedInput input{.function = observed.function, .owner = observed.owner};
  if (observed.runtime) input.runtime = &*observed.runtime;
  input.replicas = out.replicas = wanted_replicas(spec);
  if (spec.offload && observed.placement) {
    input.device = observed.placement->device;
    input.node = observed.placement->node;
  }
  if (spec.offload && input.device.empty()) input.replicas = 0;

  std::vector<Wanted> wanted = wanted_children(input, settings);
  for (const ChildKind kind : kChildKinds) {
    const auto found = observed.live.find(kind);
    const bool asked =
        std::any_of(wanted.begin(), wanted.end(), [&](const Wanted& w) { return w.kind == kind; });
    if (!asked && found != observed.live.end() && !kube::is_being_deleted(found->second) &&
        ownership_of(found->second, observed.owner) == Ownership::kOurs)
      out.remove.push_back(kind);
  }
  for (Wanted& child : wanted) compare(observed, std::move(child), out);
  // All or nothing: half a function answers nobody.
  if (out.problem || out.wait) out.apply.clear();
  return out;
}

}  // namespace faisca::operators
