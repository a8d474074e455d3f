// Which collection of the API server a request is about, and the ones Faisca uses.
// https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
// Thread: constants.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

namespace faisca::kube {

enum class Scope { kNamespaced, kCluster };

// The views refer to literals: a Resource is a constant, never made from input.
struct Resource {
  std::string_view group;  // "" for the core group
  std::string_view version;
  std::string_view plural;
  std::string_view kind;
  Scope scope = Scope::kNamespaced;

  std::string api_version() const;  // "v1", "apps/v1"

  friend bool operator==(const Resource&, const Resource&) = default;
};

// One object among those of a resource. `space` is its namespace, "" for cluster scoped ones.
struct ObjectKey {
  std::string space;
  std::string name;

  std::string text() const;  // "namespace/name", or "name"

  friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;
};

inline constexpr Resource kNamespaces{"", "v1", "namespaces", "Namespace", Scope::kCluster};
inline constexpr Resource kNodes{"", "v1", "nodes", "Node", Scope::kCluster};
inline constexpr Resource kPods{"", "v1", "pods", "Pod"};
inline constexpr Resource kServices{"", "v1", "services", "Service"};
inline constexpr Resource kConfigMaps{"", "v1", "configmaps", "ConfigMap"};
inline constexpr Resource kSecrets{"", "v1", "secrets", "Secret"};
inline constexpr Resource kDeployments{"apps", "v1", "deployments", "Deployment"};
inline constexpr Resource kEndpointSlices{"discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"};
inline constexpr Resource kLeases{"coordination.k8s.io", "v1", "leases", "Lease"};
inline constexpr Resource kEvents{"events.k8s.io", "v1", "events", "Event"};
inline constexpr Resource kCustomResourceDefinitions{
    "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Scope::kCluster};
inline constexpr Resource kValidatingWebhooks{"admissionregistration.k8s.io", "v1",
                                              "validatingwebhookconfigurations",
                                              "ValidatingWebhookConfiguration", Scope::kCluster};
inline constexpr Resource kFunctions{"faisca.dev", "v1alpha1", "functions", "Function"};
inline constexpr Resource kRuntimes{"faisca.dev", "v1alpha1", "runtimes", "Runtime", Scope::kCluster};
inline constexpr Resource kOffloadDevices{"faisca.dev", "v1alpha1", "offloaddevices", "OffloadDevice",
                                          Scope::kCluster};
inline constexpr Resource kOffloadPrograms{"faisca.dev", "v1alpha1", "offloadprograms", "OffloadProgram"};
inline constexpr Resource kOpenFaasFunctions{"openfaas.com", "v1", "functions", "Function"};

}  // namespace faisca::kube

template <>
struct std::hash<faisca::kube::ObjectKey> {
  size_t operator()(const faisca::kube::ObjectKey& key) const {
    return std::hash<std::string>()(key.space) * 31 + std::hash<std::string>()(key.name);
  }
};
