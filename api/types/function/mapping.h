// The one list of a Function's fields: name, type, meaning, in order. Reader, Writer and Reference walk it,
// so text in, text out and docs/reference/function.md cannot disagree.
//
// An Io has these members, each taking the field's name, the value it reads or writes, a sentence for the
// reference, and (most of them) Limits for the API server's schema:
//   text, integer, optional_integer, boolean, duration, bytes, base64, choice    values
//   text_list, integer_list, text_map, quantities, foreign                       values of several parts
//   object, optional, list           nested: `fields(io, value)` lists the members
//   rule(expression, message)        a CEL rule of the object whose fields are listed; only for the schema
// Internal to api/types.
#pragma once

#include "api/types/fields/choices.h"
#include "api/types/fields/limits.h"
#include "api/types/fields/metadata.h"
#include "api/types/function/function.h"

namespace faisca::api::internal {

inline constexpr Choices<Convention, 2> kConventions = {
    {{"mem", Convention::kMem}, {"xdp", Convention::kXdp}}};
inline constexpr Choices<OffloadOutput, 5> kOutputs = {{{"decimal", OffloadOutput::kDecimal},
                                                        {"hex16", OffloadOutput::kHex16},
                                                        {"hex32", OffloadOutput::kHex32},
                                                        {"hex64", OffloadOutput::kHex64},
                                                        {"memory", OffloadOutput::kMemory}}};
inline constexpr Choices<ScaleMetric, 4> kScaleMetrics = {{{"inflight", ScaleMetric::kInflight},
                                                           {"rps", ScaleMetric::kRps},
                                                           {"cpu", ScaleMetric::kCpu},
                                                           {"queue", ScaleMetric::kQueue}}};
inline constexpr Choices<Mode, 5> kModes = {{{"fork", Mode::kFork},
                                             {"http", Mode::kHttp},
                                             {"streaming", Mode::kStreaming},
                                             {"serializing", Mode::kSerializing},
                                             {"static", Mode::kStatic}}};

inline constexpr auto kArchiveFields = [](auto& io, Archive& v) {
  io.text("url", v.url, "Where the tar archive is; the embedded platform reads file:///PATH",
          {.max_length = 2048});
  io.text("sha256", v.sha256, "SHA-256 of the archive as 64 hex digits", {.pattern = "^[0-9a-fA-F]{64}$"});
};

inline constexpr auto kNameFields = [](auto& io, std::string& v) {
  io.text("name", v, "Its name, in the function's namespace",
          {.required = true, .min_length = 1, .max_length = 253, .pattern = kSubdomainPattern});
};

inline constexpr auto kSourceFields = [](auto& io, Source& v) {
  io.text("runtime", v.runtime,
          "What the code needs: python3, node, bash interpret inline code; c, cpp come as archives. On "
          "Kubernetes "
          "the name of a Runtime",
          {.required = true, .min_length = 1, .max_length = 63, .pattern = kLabelPattern});
  io.text("inline", v.inline_code, "The handler's code itself", {.max_length = 1 << 20});
  io.optional("archive", v.archive, kArchiveFields,
              "A tar archive, unpacked into the function's folder; embedded platform only");
  io.object("configMapRef", v.config_map, kNameFields,
            "A ConfigMap whose keys are the files of the function's folder; Kubernetes only");
  io.rule("!has(self.archive)",
          "archives are read by the embedded platform only: give the code inline or in a configMapRef, or "
          "build an "
          "image");
  io.rule("has(self.archive) || has(self.inline) != has(self.configMapRef)",
          "give exactly one of inline and configMapRef");
};

inline constexpr auto kObjectFields = [](auto& io, std::string& v) {
  io.base64("inline", v, "The ELF file of `clang -target bpf`, in base64",
            {.required = true, .min_length = 4, .max_length = 1'400'000});
};

inline constexpr auto kOffloadFields = [](auto& io, Offload& v) {
  io.choice("convention", v.convention, kConventions,
            "How the program is called: with memory and its length, or as an XDP program");
  io.object("object", v.object, kObjectFields, "The compiled eBPF object", {.required = true});
  io.text("program", v.program, "Which function of the object to enter; may be left out when there is one",
          {.max_length = 256});
  io.choice("output", v.output, kOutputs, "How R0 or the memory becomes the response body");
  io.integer("budget", v.budget, "Instructions that an invocation may retire",
             {.min = 1, .max = 1'000'000'000'000});
  io.integer_list("ports", v.ports,
                  "xdp: ports of the device where packets enter the program; none is every port",
                  {.min = 0, .max = 255, .max_items = 64, .set = true});
  io.duration("lease", v.lease,
              "xdp: how long the program stays on its ports after the cluster was last heard of");
  io.rule("self.convention == 'xdp' || !has(self.ports)",
          "ports belong to convention xdp: a mem program is called over HTTP");
};

inline constexpr auto kHandlerFields = [](auto& io, Handler& v) {
  io.text_list("command", v.command,
               "Program and arguments; a relative program is looked up in the function's folder",
               {.max_length = 4096, .max_items = 256});
  io.choice("mode", v.mode, kModes, "How the watchdog talks to the handler");
};

inline constexpr auto kKeyFields = [](auto& io, KeyReference& v) {
  kNameFields(io, v.name);
  io.text("key", v.key, "Which of its keys", {.required = true, .min_length = 1, .max_length = 253});
  io.boolean("optional", v.optional, "Leave the variable out when the object or key is missing");
};

inline constexpr auto kEnvSourceFields = [](auto& io, EnvSource& v) {
  io.optional("secretKeyRef", v.secret_key, kKeyFields, "A key of a Secret");
  io.optional("configMapKeyRef", v.config_map_key, kKeyFields, "A key of a ConfigMap");
  io.rule("has(self.secretKeyRef) != has(self.configMapKeyRef)",
          "give exactly one of secretKeyRef and configMapKeyRef");
};

inline constexpr auto kEnvFields = [](auto& io, EnvVar& v) {
  io.text("name", v.name, "Name of the variable",
          {.required = true, .min_length = 1, .max_length = 256, .pattern = "^[!-<>-~]+$"});
  io.text("value", v.value, "Its value", {.max_length = 65536});
  io.optional("valueFrom", v.value_from, kEnvSourceFields, "Where its value comes from; Kubernetes only");
  io.rule("!has(self.value) || self.value == '' || !has(self.valueFrom)",
          "value and valueFrom exclude each other");
  io.rule("!self.name.startsWith('FAISCA_')", "names that begin with FAISCA_ are set by the platform");
};

inline constexpr auto kTimeoutFields = [](auto& io, Timeouts& v) {
  io.duration("exec", v.exec, "For a whole invocation");
  io.duration("read", v.read, "For the request to arrive");
  io.duration("write", v.write, "For the response to leave");
};

inline constexpr auto kConcurrencyFields = [](auto& io, Concurrency& v) {
  io.integer("perInstance", v.per_instance, "Requests in flight in one instance, more get 429; 0 is no limit",
             {.min = 0, .max = 1'000'000});
};

inline constexpr auto kScaleFields = [](auto& io, Scale& v) {
  io.integer("min", v.min, "Fewest instances", {.min = 0, .max = 1000});
  io.integer("max", v.max, "Most instances", {.min = 1, .max = 1000});
  io.choice("metric", v.metric, kScaleMetrics,
            "What is counted to scale: requests in flight, requests/s, CPU in millicores, or waiting calls");
  io.integer("target", v.target, "How much of it one instance is meant to carry",
             {.min = 1, .max = 1'000'000});
  io.duration("idle", v.idle, "With min: 0, how long without a call before the last instance is removed");
  // The API server checks rules on the default, {}, before it fills that in.
  io.rule("!has(self.min) || !has(self.max) || self.min <= self.max", "scale.min is more than scale.max");
};

inline constexpr auto kResourcesFields = [](auto& io, Resources& v) {
  io.quantities("requests", v.requests, "What the scheduler sets aside for an instance");
  io.quantities("limits", v.limits, "What an instance may use at most");
};

inline constexpr auto kTolerationFields = [](auto& io, Toleration& v) {
  io.text("key", v.key, "Key of the taint; none is every key", {.max_length = 317});
  io.text("operator", v.op, "Exists or Equal; none is Equal", {.pattern = "^(Exists|Equal)?$"});
  io.text("value", v.value, "Value of the taint, for Equal", {.max_length = 63});
  io.text("effect", v.effect, "NoSchedule, PreferNoSchedule or NoExecute; none is every effect",
          {.pattern = "^(NoSchedule|PreferNoSchedule|NoExecute)?$"});
  io.optional_integer("tolerationSeconds", v.seconds, "With NoExecute, how long the taint is borne");
};

inline constexpr auto kPodFields = [](auto& io, Pod& v) {
  io.text("runtimeClassName", v.runtime_class, "RuntimeClass of the pods, for example kata or gvisor",
          {.max_length = 253});
  io.text_map("nodeSelector", v.node_selector, "Labels that a node must have", {.max_length = 63});
  io.list("tolerations", v.tolerations, kTolerationFields, "Taints that the pods bear", {.max_items = 32});
  io.foreign("affinity", v.affinity, "Affinity of the pods, as core/v1 writes it");
  io.text("serviceAccountName", v.service_account, "Account the pods run as; none is the namespace's default",
          {.max_length = 253});
  io.text_list("imagePullSecrets", v.image_pull_secrets,
               "Names of the Secrets that open the image's registry",
               {.max_length = 253, .max_items = 16, .set = true});
  io.text_map("labels", v.labels, "Further labels of the pods", {.max_length = 63});
  io.text_map("annotations", v.annotations, "Further annotations of the pods", {.max_length = 8192});
};

inline constexpr auto kSpecFields = [](auto& io, FunctionSpec& v) {
  io.text("image", v.image,
          "Container image; exactly one of image, source, offload, or an absolute handler.command",
          {.min_length = 1, .max_length = 512});
  io.optional("source", v.source, kSourceFields, "Code put into a prepared environment, without an image");
  io.optional("offload", v.offload, kOffloadFields, "An eBPF program that runs on a device");
  io.object("handler", v.handler, kHandlerFields, "What is started for requests");
  io.list("env", v.env, kEnvFields, "Environment of the handler", {.max_items = 256, .key = "name"});
  io.object("timeouts", v.timeouts, kTimeoutFields, "How long things may take");
  io.object("concurrency", v.concurrency, kConcurrencyFields, "How much one instance takes at a time");
  io.object("scale", v.scale, kScaleFields, "How many instances");
  io.bytes("maxBodyBytes", v.max_body_bytes, "Largest request body, larger gets 413");
  io.optional_integer(
      "replicas", v.replicas,
      "Instances wanted now: what `kubectl scale` and autoscalers write. 0 is none; more is kept "
      "between scale.min and scale.max. Kubernetes only, where the default is 1",
      {.min = 0, .max = 1000, .initial = "1"});
  io.boolean("suspended", v.suspended, "Run no instance, whatever replicas says");
  io.text_list("secrets", v.secrets,
               "Secrets whose keys become files in /var/openfaas/secrets; Kubernetes only",
               {.max_length = 253, .max_items = 64, .set = true});
  io.text_list("configMaps", v.config_maps,
               "ConfigMaps whose keys become files in /var/openfaas/config/NAME; Kubernetes only",
               {.max_length = 253, .max_items = 64, .set = true});
  io.object("resources", v.resources, kResourcesFields, "CPU and memory of an instance; Kubernetes only");
  io.boolean("readOnlyRootFilesystem", v.read_only_root_filesystem,
             "Instances cannot write outside /tmp; Kubernetes only");
  io.object("pod", v.pod, kPodFields, "What only pods have; Kubernetes only");
  io.rule("(has(self.image) ? 1 : 0) + (has(self.source) ? 1 : 0) + (has(self.offload) ? 1 : 0) == 1",
          "give exactly one of image, source and offload");
  io.rule("!has(self.offload) || !has(self.handler.command)",
          "handler.command would never run: an offloaded program has no handler");
};

inline constexpr auto kFunctionFields = [](auto& io, Function& v) {
  io.object("metadata", v.metadata, kMetadataFields, "Who it is");
  io.object("spec", v.spec, kSpecFields, "What runs and how");
};

}  // namespace faisca::api::internal
