#include "operator/function/pod.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/types/offload_device/offload_device.h"
#include "lib/digest/sha256.h"
#include "operator/function/children.h"
#include "operator/function/environment.h"

namespace faisca::operators {
namespace {

using kube::Json;

constexpr int kPort = 8080;
constexpr int kMetricsPort = 8081;
constexpr std::chrono::seconds kGraceMargin{5};

struct Mounts {
  Json volumes = Json::array();
  Json mounts = Json::array();

  void add(const std::string& name, Json volume, Json mount) {
    volume["name"] = name;
    mount["name"] = name;
    volumes.push_back(std::move(volume));
    mounts.push_back(std::move(mount));
  }
};

Json probe(int period, int failures, int timeout) {
  return {{"httpGet", {{"path", "/_/health"}, {"port", "http"}, {"scheme", "HTTP"}}},
          {"periodSeconds", period},
          {"failureThreshold", failures},
          {"timeoutSeconds", timeout}};
}

// The code by sub path: pods of the old revision keep the file they were started with until they are
// replaced.
void add_code(const PodInput& input, Mounts& out) {
  const api::FunctionSpec& spec = input.function.spec;
  const std::string own = input.function.metadata.name + "-code";
  if (spec.offload) {
    const std::string path = std::string(kCodeFolder) + "/" + kObjectFile;
    return out.add("code", {{"configMap", {{"name", own}}}},
                   {{"mountPath", path}, {"subPath", kObjectFile}, {"readOnly", true}});
  }
  if (!spec.source) return;
  if (!spec.source->config_map.empty())
    return out.add("code", {{"configMap", {{"name", spec.source->config_map}}}},
                   {{"mountPath", kCodeFolder}, {"readOnly", true}});
  const std::string file = input.runtime ? input.runtime->file : "handler";
  out.add("code", {{"configMap", {{"name", own}}}},
          {{"mountPath", std::string(kCodeFolder) + "/" + file}, {"subPath", file}, {"readOnly", true}});
}

void add_files(const api::FunctionSpec& spec, Mounts& out) {
  if (spec.read_only_root_filesystem) out.add("tmp", {{"emptyDir", Json::object()}}, {{"mountPath", "/tmp"}});
  if (!spec.secrets.empty()) {
    Json sources = Json::array();
    for (const std::string& name : spec.secrets) sources.push_back({{"secret", {{"name", name}}}});
    out.add("secrets", {{"projected", {{"sources", std::move(sources)}}}},
            {{"mountPath", kSecretsFolder}, {"readOnly", true}});
  }
  for (size_t i = 0; i < spec.config_maps.size(); ++i)
    out.add("config-" + std::to_string(i), {{"configMap", {{"name", spec.config_maps[i]}}}},
            {{"mountPath", std::string(kConfigFolder) + "/" + spec.config_maps[i]}, {"readOnly", true}});
}

Json resources_of(const api::FunctionSpec& spec) {
  Json out = Json::object();
  for (const auto& [name, value] : spec.resources.requests) out["requests"][name] = value;
  for (const auto& [name, value] : spec.resources.limits) out["limits"][name] = value;
  if (spec.offload) out["limits"][api::kEngineResource] = "1";
  return out;
}

Json container(const PodInput& input, const FunctionSettings& settings, Json mounts) {
  const api::FunctionSpec& spec = input.function.spec;
  Json out = {
      {"name", "function"},
      {"imagePullPolicy", settings.pull_policy},
      {"ports", Json::array({{{"name", "http"}, {"containerPort", kPort}, {"protocol", "TCP"}},
                             {{"name", "metrics"}, {"containerPort", kMetricsPort}, {"protocol", "TCP"}}})},
      {"env", environment_of(input.function, input.runtime, settings)},
      // Ready soon after the start; dead only after a minute without an answer.
      {"readinessProbe", probe(1, 3, 2)},
      {"livenessProbe", probe(10, 6, 5)},
      {"securityContext",
       {{"allowPrivilegeEscalation", false},
        {"readOnlyRootFilesystem", spec.read_only_root_filesystem},
        {"capabilities", {{"drop", Json::array({"ALL"})}}}}}};
  out["image"] = spec.offload ? settings.offload_image : input.runtime ? input.runtime->image : spec.image;
  std::vector<std::string> command = spec.handler.command;
  if (input.runtime && command.empty()) command = input.runtime->command;
  const bool in_environment = std::any_of(out["env"].begin(), out["env"].end(),
                                          [](const Json& v) { return v["name"] == "fprocess"; });
  if (!command.empty() && !in_environment) {
    out["args"] = Json::array({"--"});
    for (std::string& word : command) out["args"].push_back(std::move(word));
  }
  if (spec.source) out["workingDir"] = kCodeFolder;
  if (!mounts.empty()) out["volumeMounts"] = std::move(mounts);
  if (Json resources = resources_of(spec); !resources.empty()) out["resources"] = std::move(resources);
  return out;
}

Json toleration(const api::Toleration& given) {
  Json out = Json::object();
  if (!given.key.empty()) out["key"] = given.key;
  if (!given.op.empty()) out["operator"] = given.op;
  if (!given.value.empty()) out["value"] = given.value;
  if (!given.effect.empty()) out["effect"] = given.effect;
  if (given.seconds) out["tolerationSeconds"] = *given.seconds;
  return out;
}

// The user's affinity, and the node that a program's device is in.
Json affinity_of(const api::Pod& pod, const std::string& node) {
  Json out = pod.affinity.empty() ? Json::object() : Json::parse(pod.affinity, nullptr, false);
  if (node.empty() || !out.is_object()) return out;
  const Json field = {{"key", "metadata.name"}, {"operator", "In"}, {"values", Json::array({node})}};
  Json& required = out["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
  if (!required.is_object() || !required.contains("nodeSelectorTerms"))
    required = {{"nodeSelectorTerms", Json::array({Json::object()})}};
  // Terms are alternatives: each must ask for the node.
  for (Json& term : required["nodeSelectorTerms"]) term["matchFields"].push_back(field);
  return out;
}

void add_placement(const PodInput& input, Json& spec) {
  const api::Pod& pod = input.function.spec.pod;
  if (!pod.runtime_class.empty()) spec["runtimeClassName"] = pod.runtime_class;
  if (!pod.node_selector.empty()) spec["nodeSelector"] = pod.node_selector;
  for (const api::Toleration& each : pod.tolerations) spec["tolerations"].push_back(toleration(each));
  if (Json affinity = affinity_of(pod, input.node); !affinity.empty()) spec["affinity"] = std::move(affinity);
  for (const std::string& name : pod.image_pull_secrets) spec["imagePullSecrets"].push_back({{"name", name}});
  // Without an account of its own a function has no business with the API server.
  if (pod.service_account.empty())
    spec["automountServiceAccountToken"] = false;
  else
    spec["serviceAccountName"] = pod.service_account;
}

Json metadata_of(const PodInput& input) {
  const api::FunctionSpec& spec = input.function.spec;
  Json labels = spec.pod.labels;
  labels[std::string(kFunctionLabel)] = input.function.metadata.name;
  labels[std::string(kManagedByLabel)] = kFieldManager;
  Json annotations = {{"prometheus.io/scrape", "true"},
                      {"prometheus.io/port", std::to_string(kMetricsPort)},
                      {"prometheus.io/path", "/metrics"}};
  for (const auto& [name, value] : spec.pod.annotations) annotations[name] = value;
  // Other code is another revision.
  if (spec.source && !spec.source->inline_code.empty())
    annotations["faisca.dev/code"] = sha256_hex(spec.source->inline_code);
  if (spec.offload) annotations["faisca.dev/code"] = sha256_hex(spec.offload->object);
  return {{"labels", std::move(labels)}, {"annotations", std::move(annotations)}};
}

}  // namespace

std::chrono::seconds termination_grace(const api::Timeouts& timeouts, const FunctionSettings& settings) {
  const auto longest = settings.announce + std::max(timeouts.exec, timeouts.write);
  return std::chrono::ceil<std::chrono::seconds>(longest) + kGraceMargin;
}

kube::Json pod_template(const PodInput& input, const FunctionSettings& settings) {
  const api::FunctionSpec& function = input.function.spec;
  Mounts mounts;
  add_code(input, mounts);
  add_files(function, mounts);
  Json spec = {
      {"containers", Json::array({container(input, settings, std::move(mounts.mounts))})},
      {"enableServiceLinks", false},
      {"terminationGracePeriodSeconds", termination_grace(function.timeouts, settings).count()},
      {"securityContext", {{"runAsNonRoot", true}, {"seccompProfile", {{"type", "RuntimeDefault"}}}}}};
  if (settings.run_as_user) spec["securityContext"]["runAsUser"] = settings.run_as_user;
  if (!mounts.volumes.empty()) spec["volumes"] = std::move(mounts.volumes);
  add_placement(input, spec);
  return {{"metadata", metadata_of(input)}, {"spec", std::move(spec)}};
}

}  // namespace faisca::operators
