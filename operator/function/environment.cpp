#include "operator/function/environment.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "api/types/function/mapping.h"
#include "lib/base/duration.h"

namespace faisca::operators {
namespace {

using Variables = std::map<std::string, kube::Json>;

void set(Variables& out, const std::string& name, const std::string& value) {
  out[name] = {{"name", name}};
  if (!value.empty()) out[name]["value"] = value;
}

kube::Json key_reference(const api::KeyReference& reference) {
  kube::Json out = {{"name", reference.name}, {"key", reference.key}};
  if (reference.optional) out["optional"] = true;
  return out;
}

void set(Variables& out, const api::EnvVar& variable) {
  set(out, variable.name, variable.value);
  if (!variable.value_from) return;
  kube::Json& from = out[variable.name]["valueFrom"];
  if (variable.value_from->secret_key) from["secretKeyRef"] = key_reference(*variable.value_from->secret_key);
  if (variable.value_from->config_map_key)
    from["configMapKeyRef"] = key_reference(*variable.value_from->config_map_key);
}

// The watchdog splits fprocess on single spaces, as OpenFaaS's do.
bool fits_fprocess(const std::vector<std::string>& command) {
  return !command.empty() && std::all_of(command.begin(), command.end(), [](const std::string& word) {
    return !word.empty() && word.find(' ') == std::string::npos;
  });
}

void add_watchdog(const api::FunctionSpec& spec, const FunctionSettings& settings, Variables& out) {
  set(out, "exec_timeout", format_duration(spec.timeouts.exec));
  set(out, "read_timeout", format_duration(spec.timeouts.read));
  set(out, "write_timeout", format_duration(spec.timeouts.write));
  set(out, "healthcheck_interval", format_duration(settings.announce));
  set(out, "max_inflight", std::to_string(spec.concurrency.per_instance));
  // An image may bring a watchdog whose default mode is another one.
  if (spec.handler.mode != api::Mode::kFork)
    set(out, "mode", std::string(api::word_of(api::internal::kModes, spec.handler.mode)));
  if (!spec.source && fits_fprocess(spec.handler.command)) {
    std::string command;
    for (const std::string& word : spec.handler.command) command += (command.empty() ? "" : " ") + word;
    set(out, "fprocess", command);
  }
}

void add_offload(const api::Function& function, Variables& out) {
  const api::Offload& offload = *function.spec.offload;
  set(out, "FAISCA_OBJECT", std::string(kCodeFolder) + "/" + kObjectFile);
  set(out, "FAISCA_FUNCTION", function.metadata.name_space + "/" + function.metadata.name);
  set(out, "FAISCA_PROGRAM", offload.program);
  set(out, "FAISCA_CONVENTION", std::string(api::word_of(api::internal::kConventions, offload.convention)));
  set(out, "FAISCA_OUTPUT", std::string(api::word_of(api::internal::kOutputs, offload.output)));
  set(out, "FAISCA_BUDGET", std::to_string(offload.budget));
}

}  // namespace

kube::Json environment_of(const api::Function& function, const api::RuntimeSpec* runtime,
                          const FunctionSettings& settings) {
  Variables variables;
  add_watchdog(function.spec, settings, variables);
  set(variables, "OPENFAAS_NAME", function.metadata.name);
  set(variables, "OPENFAAS_NAMESPACE", function.metadata.name_space);
  if (runtime)
    for (const api::EnvVar& variable : runtime->env) set(variables, variable);
  for (const api::EnvVar& variable : function.spec.env) set(variables, variable);
  set(variables, "FAISCA_MAX_BODY", std::to_string(function.spec.max_body_bytes));
  if (function.spec.offload) add_offload(function, variables);
  kube::Json out = kube::Json::array();
  for (auto& [name, variable] : variables) out.push_back(std::move(variable));
  return out;
}

}  // namespace faisca::operators
