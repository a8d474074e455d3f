// The Function resource (faisca.dev/v1alpha1): what a user deploys. The embedded platform reads it from a
// file, the operator from the API server; both get this type.
//
// Files beside this one: yaml.h (text in and out), json.h (the REST API's objects), defaults.h, validate.h.
// Thread: plain values. Field names in YAML are the camelCase of the members (docs/reference/function.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/types/fields/metadata.h"

namespace faisca::api {

inline constexpr char kFunctionKind[] = "Function";
enum class Platform { kEmbedded, kKubernetes };
inline constexpr char kDefaultNamespace[] = "openfaas-fn";  // what unmodified OpenFaaS clients send

// Code and files put into a prepared environment, without an image.
struct Archive {
  std::string url;     // file:///… on the embedded platform
  std::string sha256;  // of the archive, 64 hex digits

  bool operator==(const Archive&) const = default;
};
struct Source {         // exactly one of inline_code, archive, config_map
  std::string runtime;  // c, cpp, python3, node, bash, …: informative for archives, an interpreter for inline
  std::string inline_code;         // YAML `inline`
  std::optional<Archive> archive;  // a tar archive, unpacked into the function's folder
  std::string config_map = {};     // YAML `configMapRef: {name}`: its keys are the files; Kubernetes only

  bool operator==(const Source&) const = default;
};

enum class Convention { kMem, kXdp };
// How the answer of an offloaded program becomes a response body.
enum class OffloadOutput {
  kDecimal,  // R0 as an unsigned decimal number
  kHex16,    // 0x and four digits of R0's low 16 bits
  kHex32,    // 0x and eight digits
  kHex64,    // 0x and sixteen digits
  kMemory,   // the memory (mem: its first R0 bytes; xdp: the packet between data and data_end)
};
struct Offload {
  Convention convention = Convention::kMem;
  std::string object;   // YAML `object: {inline: BASE64}`: the ELF file, decoded
  std::string program;  // which function of the object to enter; empty when it holds one
  OffloadOutput output = OffloadOutput::kDecimal;
  uint64_t budget = 1'000'000;  // instructions an invocation may retire
  std::vector<int> ports = {};  // xdp on a device: where packets enter; empty: every port
  std::chrono::nanoseconds lease = std::chrono::seconds(60);  // the program leaves the ports so long after
                                                              // the cluster was last heard of

  bool operator==(const Offload&) const = default;
};

enum class Mode { kFork, kHttp, kStreaming, kSerializing, kStatic };
struct Handler {
  std::vector<std::string> command;  // argv; a relative first word is looked up in the function's folder
  Mode mode = Mode::kFork;

  bool operator==(const Handler&) const = default;
};

// One key of a Secret or a ConfigMap of the function's namespace.
struct KeyReference {
  std::string name;
  std::string key;
  bool optional = false;

  bool operator==(const KeyReference&) const = default;
};
struct EnvSource {  // exactly one of them
  std::optional<KeyReference> secret_key;
  std::optional<KeyReference> config_map_key;

  bool operator==(const EnvSource&) const = default;
};
struct EnvVar {
  std::string name;
  std::string value;
  std::optional<EnvSource> value_from = {};  // instead of value; Kubernetes only

  bool operator==(const EnvVar&) const = default;
};

struct Timeouts {
  std::chrono::nanoseconds exec = std::chrono::seconds(30);   // for a whole invocation
  std::chrono::nanoseconds read = std::chrono::seconds(30);   // for the request to arrive
  std::chrono::nanoseconds write = std::chrono::seconds(30);  // for the response to leave

  bool operator==(const Timeouts&) const = default;
};

struct Concurrency {
  int per_instance = 100;  // requests in flight in one instance; more get 429. 0 = no limit

  bool operator==(const Concurrency&) const = default;
};

enum class ScaleMetric { kInflight, kRps, kCpu, kQueue };
struct Scale {
  int min = 1;
  int max = 20;
  ScaleMetric metric = ScaleMetric::kInflight;  // what `target` counts, of one instance
  int target = 50;                              // requests, requests/s, millicores, queued calls
  std::chrono::nanoseconds idle =
      std::chrono::minutes(10);  // so long without a call before min: 0 takes effect

  bool operator==(const Scale&) const = default;
};

// Kubernetes quantities by resource name ("cpu", "memory", …), as they are written.
using Quantities = std::map<std::string, std::string>;
struct Resources {
  Quantities requests;
  Quantities limits;

  bool operator==(const Resources&) const = default;
};

// core/v1 Toleration.
struct Toleration {
  std::string key;
  std::string op;  // YAML `operator`: Exists or Equal; empty: Equal
  std::string value;
  std::string effect;
  std::optional<int64_t> seconds;

  bool operator==(const Toleration&) const = default;
};

// What only a pod has; the embedded platform has no use for it.
struct Pod {
  std::string runtime_class;
  std::map<std::string, std::string> node_selector;
  std::vector<Toleration> tolerations;
  std::string affinity;  // core/v1 Affinity as JSON; empty: none
  std::string service_account;
  std::vector<std::string> image_pull_secrets;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;

  bool operator==(const Pod&) const = default;
};

// On the embedded platform replicas, suspended, secrets, configMaps, source.configMapRef and env.valueFrom
// are refused, resources and pod have no effect (docs/reference/function.md).
struct FunctionSpec {
  std::string image;  // exactly one of image, source, offload, or none with an absolute handler.command
  std::optional<Source> source;
  std::optional<Offload> offload;
  Handler handler;
  std::vector<EnvVar> env;
  Timeouts timeouts;
  Concurrency concurrency;
  Scale scale;
  uint64_t max_body_bytes = 10u << 20;        // larger request bodies get 413
  std::optional<int> replicas = {};           // instances wanted now, by whoever scales; absent: scale.min
  bool suspended = false;                     // no instance, whatever replicas says
  std::vector<std::string> secrets = {};      // files in /var/openfaas/secrets, one a key
  std::vector<std::string> config_maps = {};  // folders in /var/openfaas/config, one a map, one file a key
  Resources resources = {};
  bool read_only_root_filesystem = true;
  Pod pod = {};

  bool operator==(const FunctionSpec&) const = default;
};

struct Function {
  Metadata metadata;
  FunctionSpec spec;

  bool operator==(const Function&) const = default;
};

}  // namespace faisca::api
