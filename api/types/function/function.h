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

namespace faisca::api {

inline constexpr char kApiVersion[] = "faisca.dev/v1alpha1";
inline constexpr char kFunctionKind[] = "Function";
inline constexpr char kDefaultNamespace[] = "openfaas-fn";  // what unmodified OpenFaaS clients send

struct Metadata {
  std::string name;  // DNS-1123 label, at most 63 characters
  std::string name_space;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;

  bool operator==(const Metadata&) const = default;
};

// Code and files put into a prepared environment, without an image.
struct Archive {
  std::string url;     // file:///… on the embedded platform
  std::string sha256;  // of the archive, 64 hex digits

  bool operator==(const Archive&) const = default;
};
struct Source {
  std::string runtime;  // c, cpp, python3, node, bash, …: informative for archives, an interpreter for inline
  std::string inline_code;         // YAML `inline`; exclusive with archive
  std::optional<Archive> archive;  // a tar archive, unpacked into the function's folder

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

  bool operator==(const Offload&) const = default;
};

enum class Mode { kFork, kHttp, kStreaming, kSerializing, kStatic };
struct Handler {
  std::vector<std::string> command;  // argv; a relative first word is looked up in the function's folder
  Mode mode = Mode::kFork;

  bool operator==(const Handler&) const = default;
};

struct EnvVar {
  std::string name;
  std::string value;

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

struct Scale {
  int min = 1;
  int max = 20;

  bool operator==(const Scale&) const = default;
};

struct FunctionSpec {
  std::string image;  // exactly one of image, source, offload, or none with an absolute handler.command
  std::optional<Source> source;
  std::optional<Offload> offload;
  Handler handler;
  std::vector<EnvVar> env;
  Timeouts timeouts;
  Concurrency concurrency;
  Scale scale;
  uint64_t max_body_bytes = 10u << 20;  // larger request bodies get 413

  bool operator==(const FunctionSpec&) const = default;
};

struct Function {
  Metadata metadata;
  FunctionSpec spec;

  bool operator==(const Function&) const = default;
};

}  // namespace faisca::api
