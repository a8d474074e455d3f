#include "operator/function/children.h"

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"

namespace faisca::operators {

const kube::Resource& resource_of(ChildKind kind) {
  switch (kind) {
    case ChildKind::kConfigMap:
      return kube::kConfigMaps;
    case ChildKind::kService:
      return kube::kServices;
    case ChildKind::kDeployment:
      return kube::kDeployments;
    case ChildKind::kOffloadProgram:
      break;
  }
  return kube::kOffloadPrograms;
}

kube::ObjectKey child_key(ChildKind kind, const kube::ObjectKey& function) {
  return {function.space, kind == ChildKind::kConfigMap ? function.name + "-code" : function.name};
}

kube::Json child_object(ChildKind kind, const Owner& owner) {
  kube::Json object = kube::make_object(resource_of(kind), child_key(kind, owner.key));
  object["metadata"]["labels"] = {{kFunctionLabel, owner.key.name}, {kManagedByLabel, kFieldManager}};
  object["metadata"]["ownerReferences"] = kube::Json::array({{{"apiVersion", owner.resource.api_version()},
                                                              {"kind", owner.resource.kind},
                                                              {"name", owner.key.name},
                                                              {"uid", owner.uid},
                                                              {"controller", true},
                                                              {"blockOwnerDeletion", true}}});
  return object;
}

std::string selector_of(std::string_view function) {
  return std::string(kFunctionLabel) + "=" + std::string(function);
}

}  // namespace faisca::operators
