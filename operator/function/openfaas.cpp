#include "operator/function/openfaas.h"

#include <algorithm>
#include <charconv>

#include "lib/kube/object.h"

namespace faisca::operators {
namespace {

using kube::Json;

tl::unexpected<Error> bad(std::string_view field, const std::string& what, std::string hint) {
  return fail(Code::kInvalidArgument, std::string(field) + ": " + what, std::move(hint));
}

std::map<std::string, std::string> texts_at(const Json& object, std::string_view path) {
  std::map<std::string, std::string> out;
  const Json& map = kube::at(object, path);
  if (map.is_object())
    for (const auto& [key, value] : map.items())
      if (value.is_string()) out[key] = value.get<std::string>();
  return out;
}

std::vector<std::string> list_at(const Json& object, std::string_view path) {
  std::vector<std::string> out;
  const Json& list = kube::at(object, path);
  if (list.is_array())
    for (const Json& value : list)
      if (value.is_string()) out.push_back(value.get<std::string>());
  return out;
}

Status read_bound(const std::map<std::string, std::string>& labels, const std::string& name, int& value) {
  const auto found = labels.find(name);
  if (found == labels.end()) return {};
  const char* end = found->second.data() + found->second.size();
  const auto [stop, error] = std::from_chars(found->second.data(), end, value);
  if (error == std::errc() && stop == end && value >= 0) return {};
  return bad("spec.labels." + name, "\"" + found->second + "\" is not a number of instances",
             "write it like \"1\"");
}

std::string trimmed(std::string_view text) {
  const size_t from = text.find_first_not_of(' ');
  if (from == std::string_view::npos) return "";
  return std::string(text.substr(from, text.find_last_not_of(' ') - from + 1));
}

Status read_constraints(const Json& object, api::Pod& pod) {
  for (const std::string& constraint : list_at(object, "/spec/constraints")) {
    const size_t at = constraint.find('=');
    const std::string key = trimmed(constraint.substr(0, std::min(at, constraint.size())));
    const bool negated = at != std::string::npos && at > 0 && constraint[at - 1] == '!';
    if (at == std::string::npos || key.empty() || negated)
      return bad("spec.constraints", "\"" + constraint + "\" is not a label and its value",
                 "write it like kubernetes.io/arch=amd64");
    const size_t value = constraint.find_first_not_of('=', at);
    pod.node_selector[key] = value == std::string::npos ? "" : trimmed(constraint.substr(value));
  }
  return {};
}

// handler is what the OpenFaaS watchdog calls fprocess.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace

Result<api::Function> read_openfaas_function(std::string_view text) {
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object()) return fail(Code::kInvalidArgument, "the object is not JSON");
  api::Function out;
  out.metadata.name = kube::key_of(object).name;
  out.metadata.name_space = kube::key_of(object).space;
  out.metadata.labels = texts_at(object, "/spec/labels");
  out.metadata.annotations = texts_at(object, "/spec/annotations");
  const std::string name = kube::text_at(object, "/spec/name");
  if (!name.empty() && name != out.metadata.name)
    return bad("spec.name", "\"" + name + "\" is not the name of the resource, \"" + out.metadata.name + "\"",
               "give both the same name");
  api::FunctionSpec& spec = out.spec;
  spec.image = kube::text_at(object, "/spec/image");
  if (spec.image.empty()) return bad("spec.image", "it is missing", "name the container image");
  spec.handler.command = split(kube::text_at(object, "/spec/handler"));
  for (auto& [key, value] : texts_at(object, "/spec/environment")) spec.env.push_back({key, value});
  spec.secrets = list_at(object, "/spec/secrets");
  spec.resources.limits = texts_at(object, "/spec/limits");
  spec.resources.requests = texts_at(object, "/spec/requests");
  const Json& read_only = kube::at(object, "/spec/readOnlyRootFilesystem");
  spec.read_only_root_filesystem = read_only.is_boolean() && read_only.get<bool>();
  spec.pod.labels = out.metadata.labels;
  spec.pod.annotations = out.metadata.annotations;
  FAISCA_CHECK_OK(read_constraints(object, spec.pod));
  FAISCA_CHECK_OK(read_bound(out.metadata.labels, "com.openfaas.scale.min", spec.scale.min));
  FAISCA_CHECK_OK(read_bound(out.metadata.labels, "com.openfaas.scale.max", spec.scale.max));
  return out;
}

Result<api::FunctionStatus> read_openfaas_status(std::string_view text) {
  FAISCA_TRY(out, api::parse_function_status(text));
  const Json object = Json::parse(text, nullptr, false);
  const Json& available = kube::at(object, "/status/availableReplicas");
  if (available.is_number_integer()) out.ready_replicas = available.get<int>();
  return out;
}

kube::Json openfaas_status_json(const api::FunctionStatus& status) {
  Json all = Json::parse(api::print_status_json(status));
  Json out = {{"replicas", status.replicas},
              {"availableReplicas", status.ready_replicas},
              {"unavailableReplicas", std::max(0, status.replicas - status.ready_replicas)},
              {"observedGeneration", status.observed_generation}};
  if (all.contains("conditions")) out["conditions"] = std::move(all["conditions"]);
  return out;
}

}  // namespace faisca::operators
