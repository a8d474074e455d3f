// What a Function is made of in the cluster: names, labels, owners. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/types/function/function.h"
#include "lib/kube/json.h"
#include "lib/kube/resource.h"

namespace faisca::operators {

inline constexpr std::string_view kFieldManager = "faisca-operator";
inline constexpr std::string_view kFunctionLabel = "faisca.dev/function";
inline constexpr std::string_view kManagedByLabel = "app.kubernetes.io/managed-by";

enum class ChildKind { kConfigMap, kService, kDeployment, kOffloadProgram };
inline constexpr ChildKind kChildKinds[] = {ChildKind::kConfigMap, ChildKind::kService,
                                            ChildKind::kDeployment, ChildKind::kOffloadProgram};

const kube::Resource& resource_of(ChildKind kind);
kube::ObjectKey child_key(ChildKind kind, const kube::ObjectKey& function);

// The Function as an owner: of which collection, name and uid.
struct Owner {
  kube::Resource resource = kube::kFunctions;
  kube::ObjectKey key;
  std::string uid;
};

// apiVersion, kind and metadata of a child: labels, and the owner as its controller.
kube::Json child_object(ChildKind kind, const Owner& owner);

std::string selector_of(std::string_view function);

}  // namespace faisca::operators
