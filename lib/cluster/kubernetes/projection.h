// What the gateway keeps of the API server's objects. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/cluster/snapshot.h"
#include "lib/kube/json.h"
#include "lib/kube/resource.h"

namespace faisca::cluster {

// The label that every child of a Function carries.
inline constexpr std::string_view kFunctionLabel = "faisca.dev/function";

// A Function without its endpoints, and without its code: inline source and eBPF objects stay with the API
// server. A spec that this program cannot read gives default settings and a reason, because its pods serve
// all the same. kInvalidArgument only if it has no name.
Result<FunctionState> function_of(const kube::Json& object);

// The same of a Function of openfaas.com/v1; the operator reads all of it, this is what routes and lists.
Result<FunctionState> openfaas_function_of(const kube::Json& object);

// An EndpointSlice of a function. Endpoints are those that may be sent new requests: ready (absent means so),
// not terminating, with an IPv4 address.
// https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions
struct Slice {
  kube::ObjectKey function;
  std::vector<Endpoint> ready;
};
// kInvalidArgument without the function's label.
Result<Slice> slice_of(const kube::Json& object);

// May functions be put into this Namespace? OpenFaaS's mark: annotation or label `openfaas: "1"`.
bool takes_functions(const kube::Json& name_space);

}  // namespace faisca::cluster
