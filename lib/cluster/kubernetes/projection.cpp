#include "lib/cluster/kubernetes/projection.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/types/function/json.h"
#include "api/types/function/yaml.h"
#include "lib/kube/conditions.h"
#include "lib/kube/object.h"
#include "lib/kube/time_text.h"

namespace faisca::cluster {
namespace {

using kube::Json;

constexpr uint16_t kDefaultPort = 8080;  // of a watchdog
constexpr std::string_view kPortName = "http";

// Parsed and thrown away with every change otherwise; nobody who routes requests needs it.
void drop_code(Json& object) {
  for (const char* pointer : {"/spec/source/inline", "/spec/offload/object", "/metadata/managedFields"}) {
    const Json::json_pointer at(pointer);
    if (!object.contains(at.parent_pointer()) || !object.at(at.parent_pointer()).is_object()) continue;
    object.at(at.parent_pointer()).erase(at.back());
  }
}

// Why its instances are not as wanted: what the operator says, if it has seen this generation.
std::string reason_of(const Json& object) {
  const auto conditions = kube::Conditions::from(kube::at(object, "/status/conditions"));
  const kube::Condition* ready = conditions.find("Ready");
  if (ready == nullptr) return "the operator has not seen the function yet";
  if (ready->status == kube::Truth::kTrue) return "";
  return ready->message.empty() ? ready->reason : ready->message;
}

// As the operator understands it: 0 is said, never followed from a limit.
int wanted_replicas(const api::FunctionSpec& spec) {
  const int asked = spec.replicas.value_or(std::max(spec.scale.min, 1));
  if (spec.suspended || asked == 0) return 0;
  return std::clamp(asked, spec.scale.min, std::max(spec.scale.min, spec.scale.max));
}

// What every kind has.
void complete(FunctionState& state, const Json& object) {
  state.replicas = wanted_replicas(state.function.spec);
  state.generation = static_cast<uint64_t>(std::max<int64_t>(0, kube::generation_of(object)));
  if (const auto created = kube::parse_time(kube::text_at(object, "/metadata/creationTimestamp")))
    state.created_at = *created;
}

bool is_true(const Json& value, bool absent) { return value.is_boolean() ? value.get<bool>() : absent; }

uint16_t port_of(const Json& object) {
  const Json& ports = kube::at(object, "/ports");
  const Json* chosen = nullptr;
  if (ports.is_array()) {
    for (const Json& port : ports) {
      if (!kube::at(port, "/port").is_number_unsigned()) continue;
      const bool named = kube::text_at(port, "/name") == kPortName;
      if (chosen == nullptr || named) chosen = &port;
      if (named) break;
    }
  }
  const uint64_t port = chosen ? chosen->at("port").get<uint64_t>() : kDefaultPort;
  return port <= UINT16_MAX ? static_cast<uint16_t>(port) : kDefaultPort;
}

void add_ready(const Json& endpoint, uint16_t port, std::vector<Endpoint>& out) {
  if (!is_true(kube::at(endpoint, "/conditions/ready"), true)) return;
  if (is_true(kube::at(endpoint, "/conditions/terminating"), false)) return;
  // All addresses of an endpoint are the same pod's: the first is enough.
  const std::string address = kube::text_at(endpoint, "/addresses/0");
  if (address.empty()) return;
  std::string id = kube::text_at(endpoint, "/targetRef/name");
  if (id.empty()) id = address + ":" + std::to_string(port);
  out.push_back({std::move(id), address, port});
}

}  // namespace

Result<FunctionState> function_of(const Json& object) {
  const kube::ObjectKey key = kube::key_of(object);
  if (key.name.empty() || key.space.empty())
    return fail(Code::kInvalidArgument, "a Function without name or namespace");
  Json bare = object;
  drop_code(bare);
  FunctionState state;
  Result<api::Function> function = api::parse_function(
      bare.dump(-1, ' ', false, Json::error_handler_t::replace), api::UnknownFields::kIgnore);
  if (function) {
    state.function = std::move(*function);
    state.reason = reason_of(object);
  } else {
    state.function.metadata = {key.name, key.space, {}, {}};
    state.reason = "its spec cannot be read: " + function.error().text();
  }
  complete(state, object);
  return state;
}

Result<FunctionState> openfaas_function_of(const Json& object) {
  const kube::ObjectKey key = kube::key_of(object);
  if (key.name.empty() || key.space.empty())
    return fail(Code::kInvalidArgument, "a Function without name or namespace");
  // Its spec is a FunctionDeployment with two fields called otherwise.
  Json deployment = kube::at(object, "/spec");
  if (!deployment.is_object()) deployment = Json::object();
  deployment["service"] = key.name;
  deployment["namespace"] = key.space;
  for (const auto& [from, to] : {std::pair{"handler", "envProcess"}, {"environment", "envVars"}})
    if (deployment.contains(from)) deployment[to] = deployment[from];
  FunctionState state;
  Result<api::Function> function =
      api::function_from_deployment(deployment.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (function) {
    state.function = std::move(*function);
    state.reason = reason_of(object);
  } else {
    state.function.metadata = {key.name, key.space, {}, {}};
    state.reason = "its spec cannot be read: " + function.error().text();
  }
  complete(state, object);
  return state;
}

Result<Slice> slice_of(const Json& object) {
  Slice slice;
  slice.function = {kube::key_of(object).space, kube::label_of(object, kFunctionLabel)};
  if (slice.function.name.empty())
    return fail(Code::kInvalidArgument, "an EndpointSlice without the label " + std::string(kFunctionLabel));
  if (kube::text_at(object, "/addressType") != "IPv4") return slice;
  const uint16_t port = port_of(object);
  const Json& endpoints = kube::at(object, "/endpoints");
  if (endpoints.is_array())
    for (const Json& endpoint : endpoints) add_ready(endpoint, port, slice.ready);
  return slice;
}

bool takes_functions(const Json& name_space) {
  return kube::annotation_of(name_space, "openfaas") == "1" || kube::label_of(name_space, "openfaas") == "1";
}

}  // namespace faisca::cluster
