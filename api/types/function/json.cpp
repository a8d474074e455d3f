#include "api/types/function/json.h"

#include <charconv>
#include <ctime>
#include <nlohmann/json.hpp>

#include "api/types/function/defaults.h"

namespace faisca::api {
namespace {

using nlohmann::json;

constexpr char kScaleMin[] = "com.openfaas.scale.min";
constexpr char kScaleMax[] = "com.openfaas.scale.max";

// OpenFaaS splits fprocess on single spaces, without quotes.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find(' ', start), text.size());
    if (end > start) words.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return words;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

tl::unexpected<Error> wrong_type(const std::string& field, const json& value, const std::string& expected) {
  return fail(Code::kInvalidArgument,
              field + ": " + value.type_name() + " stands where " + expected + " is needed");
}

Status read_text(const json& object, const char* name, std::string& target) {
  const auto entry = object.find(name);
  if (entry == object.end() || entry->is_null()) return {};
  if (!entry->is_string()) return wrong_type(name, *entry, "text");
  target = entry->get<std::string>();
  return {};
}

Status read_map(const json& object, const char* name, std::map<std::string, std::string>& target) {
  const auto entry = object.find(name);
  if (entry == object.end() || entry->is_null()) return {};
  if (!entry->is_object()) return wrong_type(name, *entry, "an object");
  for (const auto& [key, value] : entry->items()) {
    if (!value.is_string()) return wrong_type(std::string(name) + "." + key, value, "text");
    target[key] = value.get<std::string>();
  }
  return {};
}

Status read_list(const json& object, const char* name, std::vector<std::string>& target) {
  const auto entry = object.find(name);
  if (entry == object.end() || entry->is_null()) return {};
  if (!entry->is_array()) return wrong_type(name, *entry, "a list");
  for (const json& item : *entry) {
    if (!item.is_string()) return wrong_type(std::string(name) + "[]", item, "text");
    target.push_back(item.get<std::string>());
  }
  return {};
}

Status read_flag(const json& object, const char* name, bool& target) {
  const auto entry = object.find(name);
  if (entry == object.end() || entry->is_null()) return {};
  if (!entry->is_boolean()) return wrong_type(name, *entry, "true or false");
  target = entry->get<bool>();
  return {};
}

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

Status read_constraints(const json& object, std::map<std::string, std::string>& selector) {
  std::vector<std::string> constraints;
  FAISCA_CHECK_OK(read_list(object, "constraints", constraints));
  for (const std::string& text : constraints) {
    const size_t equals = text.find('=');
    const size_t value = text.find_first_not_of('=', equals);
    const std::string key = equals == std::string::npos ? "" : trimmed(text.substr(0, equals));
    if (key.empty() || key.ends_with('!') || value == std::string::npos || value - equals > 2)
      return fail(Code::kInvalidArgument,
                  "constraints: \"" + text + "\" does not say what a node's label must be",
                  "write it like kubernetes.io/arch=amd64");
    selector[key] = trimmed(text.substr(value));
  }
  return {};
}

Status read_scale_label(const std::map<std::string, std::string>& labels, const char* name, int& target) {
  const auto label = labels.find(name);
  if (label == labels.end()) return {};
  const std::string& text = label->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), target);
  if (error == std::errc() && end == text.data() + text.size()) return {};
  return fail(Code::kInvalidArgument,
              std::string("labels.") + name + ": \"" + text + "\" is not a whole number");
}

json object_of(const Function& function) {
  const FunctionSpec& spec = function.spec;
  json env = json::object();
  for (const EnvVar& variable : spec.env) env[variable.name] = variable.value;
  return {{"image", spec.image},
          {"namespace", function.metadata.name_space},
          {"envProcess", join(spec.handler.command)},
          {"envVars", std::move(env)},
          {"labels", json(function.metadata.labels)},
          {"annotations", json(function.metadata.annotations)}};
}

// OpenFaaS leaves them out when there are none.
void add_pod_fields(json& object, const FunctionSpec& spec) {
  if (!spec.secrets.empty()) object["secrets"] = spec.secrets;
  if (!spec.resources.limits.empty()) object["limits"] = spec.resources.limits;
  if (!spec.resources.requests.empty()) object["requests"] = spec.resources.requests;
  for (const auto& [key, value] : spec.pod.node_selector) object["constraints"].push_back(key + "=" + value);
  object["readOnlyRootFilesystem"] = spec.read_only_root_filesystem;
}

std::string dump(const json& object) { return object.dump(-1, ' ', false, json::error_handler_t::replace); }

std::string rfc3339(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

}  // namespace

Result<Function> function_from_deployment(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  if (object.is_discarded())
    return fail(Code::kInvalidArgument, "the body is not JSON",
                "send a FunctionDeployment: {\"service\": NAME, \"image\": …}");
  if (!object.is_object()) return wrong_type("the body", object, "an object");
  Function function;
  FAISCA_CHECK_OK(read_text(object, "service", function.metadata.name));
  if (function.metadata.name.empty())
    return fail(Code::kInvalidArgument, "service: it is missing", "give the function's name");
  FAISCA_CHECK_OK(read_text(object, "namespace", function.metadata.name_space));
  FAISCA_CHECK_OK(read_text(object, "image", function.spec.image));
  std::string process;
  FAISCA_CHECK_OK(read_text(object, "envProcess", process));
  function.spec.handler.command = split(process);
  std::map<std::string, std::string> env;
  FAISCA_CHECK_OK(read_map(object, "envVars", env));
  for (auto& [name, value] : env) function.spec.env.push_back({name, value});
  FAISCA_CHECK_OK(read_map(object, "labels", function.metadata.labels));
  FAISCA_CHECK_OK(read_map(object, "annotations", function.metadata.annotations));
  FAISCA_CHECK_OK(read_scale_label(function.metadata.labels, kScaleMin, function.spec.scale.min));
  FAISCA_CHECK_OK(read_scale_label(function.metadata.labels, kScaleMax, function.spec.scale.max));
  FunctionSpec& spec = function.spec;
  FAISCA_CHECK_OK(read_list(object, "secrets", spec.secrets));
  FAISCA_CHECK_OK(read_map(object, "limits", spec.resources.limits));
  FAISCA_CHECK_OK(read_map(object, "requests", spec.resources.requests));
  FAISCA_CHECK_OK(read_constraints(object, spec.pod.node_selector));
  FAISCA_CHECK_OK(read_flag(object, "readOnlyRootFilesystem", spec.read_only_root_filesystem));
  return with_defaults(std::move(function));
}

std::string deployment_json(const Function& function) {
  json object = object_of(function);
  add_pod_fields(object, function.spec);
  object["service"] = function.metadata.name;
  const Scale defaults;
  if (function.spec.scale.min != defaults.min)
    object["labels"][kScaleMin] = std::to_string(function.spec.scale.min);
  if (function.spec.scale.max != defaults.max)
    object["labels"][kScaleMax] = std::to_string(function.spec.scale.max);
  return dump(object);
}

std::string status_json(const Function& function, const FunctionFigures& figures) {
  json object = object_of(function);
  add_pod_fields(object, function.spec);
  object["name"] = function.metadata.name;
  object["invocationCount"] = figures.invocation_count;
  object["replicas"] = figures.replicas;
  object["availableReplicas"] = figures.available_replicas;
  object["createdAt"] = rfc3339(figures.created_at);
  if (figures.usage)
    object["usage"] = {{"cpu", figures.usage->cpu_millicores},
                       {"totalMemoryBytes", figures.usage->memory_bytes}};
  return dump(object);
}

}  // namespace faisca::api
