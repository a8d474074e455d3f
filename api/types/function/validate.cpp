#include "api/types/function/validate.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "api/types/function/defaults.h"
#include "lib/base/duration.h"

namespace faisca::api {
namespace {

constexpr std::chrono::nanoseconds kLongestTimeout = std::chrono::hours(24);
constexpr uint64_t kLargestBudget = 1'000'000'000'000;
constexpr uint64_t kLargestBody = 1ull << 40;
constexpr size_t kLongestLabel = 63;
constexpr size_t kLongestSubdomain = 253;
constexpr int kHighestPort = 255;
constexpr size_t kLongestQuote = 80;

tl::unexpected<Error> bad(std::string_view field, const std::string& what, std::string hint) {
  return fail(Code::kInvalidArgument, std::string(field) + ": " + what, std::move(hint));
}

std::string quote(std::string_view text) {
  return "\"" + std::string(text.substr(0, kLongestQuote)) + (text.size() > kLongestQuote ? "…" : "") + "\"";
}

// execve takes texts that end at a zero byte.
Status check_no_zero(std::string_view text, const std::string& field) {
  if (text.find('\0') == std::string_view::npos) return {};
  return bad(field, quote(text.substr(0, text.find('\0'))) + " is followed by a zero byte", "remove it");
}

Status check_what_runs(const FunctionSpec& spec, Platform platform) {
  std::string given;
  int count = 0;
  for (const auto& [name, there] : {std::pair<const char*, bool>{"image", !spec.image.empty()},
                                    {"source", spec.source.has_value()},
                                    {"offload", spec.offload.has_value()}})
    if (there) {
      given += (count++ ? ", " : "") + std::string(name);
    }
  if (count > 1) return bad("spec", given + " exclude each other", "keep one of them");
  if (count == 1) return {};
  const auto& command = spec.handler.command;
  if (platform == Platform::kKubernetes)
    return bad("spec", "nothing says what runs", "give one of image, source, offload");
  if (command.empty())
    return bad("spec", "nothing says what runs",
               "give one of image, source, offload, or an absolute handler.command");
  if (!command[0].starts_with("/"))
    return bad("spec.handler.command[0]", quote(command[0]) + " is not an absolute path",
               "without image or source there is no folder to look it up in: write it as /PATH/TO/PROGRAM");
  return {};
}

Status check_archive(const Archive& archive) {
  if (archive.url.find("://") == std::string::npos)
    return bad("spec.source.archive.url", quote(archive.url) + " is not a URL",
               "write it like file:///PATH/code.tar");
  const std::string& sum = archive.sha256;
  if (sum.size() != 64 ||
      !std::all_of(sum.begin(), sum.end(), [](unsigned char c) { return std::isxdigit(c); }))
    return bad("spec.source.archive.sha256", quote(sum) + " is not 64 hex digits",
               "take it from `sha256sum FILE`");
  return {};
}

Status check_source(const FunctionSpec& spec, Platform platform) {
  if (!spec.source) return {};
  const Source& source = *spec.source;
  std::string given;
  int count = 0;
  for (const auto& [name, there] : {std::pair<const char*, bool>{"inline", !source.inline_code.empty()},
                                    {"archive", source.archive.has_value()},
                                    {"configMapRef", !source.config_map.empty()}})
    if (there) given += (count++ ? " and " : "") + std::string(name);
  if (count > 1) return bad("spec.source", given + " exclude each other", "keep one of them");
  if (count == 0) return bad("spec.source", "it is empty", "give inline code, or archive: {url, sha256}");
  if (platform == Platform::kKubernetes) {
    if (source.archive)
      return bad("spec.source.archive", "archives are read by the embedded platform only",
                 "give the code inline or in a configMapRef, or build an image");
    return validate_name(source.runtime, "spec.source.runtime");
  }
  if (!source.inline_code.empty() && !interpreter_of(source.runtime))
    return bad("spec.source.runtime", quote(source.runtime) + " cannot interpret inline code",
               "use python3, node or bash; build and archive anything else");
  if (spec.handler.command.empty())
    return bad("spec.handler.command", "it is missing",
               "name the program in the archive, for example [./handler]");
  return source.archive ? check_archive(*source.archive) : Status();
}

Status check_offload(const FunctionSpec& spec) {
  if (!spec.offload) return {};
  const Offload& offload = *spec.offload;
  if (offload.object.empty())
    return bad("spec.offload.object.inline", "it is empty", "put the object there with `base64 -w0 FILE.o`");
  if (offload.budget < 1 || offload.budget > kLargestBudget)
    return bad("spec.offload.budget",
               std::to_string(offload.budget) + " is not between 1 and " + std::to_string(kLargestBudget),
               "1000000 instructions suit most programs");
  if (!spec.handler.command.empty())
    return bad("spec.handler.command",
               quote(spec.handler.command[0]) + " would never run: an offloaded program has no handler",
               "remove it, or remove offload");
  if (offload.convention == Convention::kMem && !offload.ports.empty())
    return bad("spec.offload.ports", "ports belong to convention xdp",
               "remove them: a mem program is called over HTTP");
  for (const int port : offload.ports)
    if (port < 0 || port > kHighestPort || std::count(offload.ports.begin(), offload.ports.end(), port) > 1)
      return bad("spec.offload.ports", std::to_string(port) + " is out of range or given twice",
                 "name each port of the device once, from 0");
  if (offload.lease <= std::chrono::nanoseconds(0) || offload.lease > kLongestTimeout)
    return bad("spec.offload.lease",
               format_duration(offload.lease) + " is not between 1ns and " + format_duration(kLongestTimeout),
               "60s suits most programs");
  return check_no_zero(offload.program, "spec.offload.program");
}

Status check_env_source(const EnvVar& variable, const std::string& field) {
  if (!variable.value_from) return {};
  if (!variable.value.empty())
    return bad(field, "value and valueFrom exclude each other", "keep one of them");
  const EnvSource& from = *variable.value_from;
  if (from.secret_key.has_value() == from.config_map_key.has_value())
    return bad(field + ".valueFrom", from.secret_key ? "it has two sources" : "it is empty",
               "give exactly one of secretKeyRef and configMapKeyRef");
  const KeyReference& reference = from.secret_key ? *from.secret_key : *from.config_map_key;
  if (reference.name.empty() || reference.key.empty())
    return bad(field + ".valueFrom", "name or key is missing", "write {name: OBJECT, key: KEY}");
  return {};
}

// Names of Secrets or ConfigMaps: DNS-1123 subdomains.
Status check_references(const std::vector<std::string>& names, const std::string& field) {
  std::set<std::string> seen;
  for (const std::string& name : names) {
    const bool good = !name.empty() && name.size() <= kLongestSubdomain &&
                      std::isalnum(static_cast<unsigned char>(name.front())) &&
                      std::all_of(name.begin(), name.end(), [](char c) {
                        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
                      });
    if (!good) return bad(field, quote(name) + " is not the name of an object", "use a-z, 0-9, '-' and '.'");
    if (!seen.insert(name).second) return bad(field, quote(name) + " is given twice", "remove one of them");
  }
  return {};
}

Status check_env(const FunctionSpec& spec) {
  std::set<std::string> seen;
  for (size_t i = 0; i < spec.env.size(); ++i) {
    const std::string field = "spec.env[" + std::to_string(i) + "]";
    const std::string& name = spec.env[i].name;
    // As Kubernetes: printable ASCII without '='.
    if (name.empty() ||
        !std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~' && c != '='; }))
      return bad(field + ".name", quote(name) + " is not the name of an environment variable",
                 "use letters, digits and '_'");
    if (name.starts_with("FAISCA_"))
      return bad(field + ".name", quote(name) + " is reserved: the platform sets FAISCA_ variables",
                 "choose another name");
    if (!seen.insert(name).second)
      return bad(field + ".name", quote(name) + " is given twice", "remove one of them");
    FAISCA_CHECK_OK(check_no_zero(spec.env[i].value, field + ".value"));
    FAISCA_CHECK_OK(check_env_source(spec.env[i], field));
  }
  return {};
}

Status check_timeouts(const Timeouts& timeouts) {
  for (const auto& [name, value] : {std::pair<const char*, std::chrono::nanoseconds>{"exec", timeouts.exec},
                                    {"read", timeouts.read},
                                    {"write", timeouts.write}})
    if (value <= std::chrono::nanoseconds(0) || value > kLongestTimeout)
      return bad(std::string("spec.timeouts.") + name,
                 format_duration(value) + " is not between 1ns and " + format_duration(kLongestTimeout),
                 "30s suits most functions");
  return {};
}

Status check_scale(const Scale& scale) {
  if (scale.target < 1)
    return bad("spec.scale.target", std::to_string(scale.target) + " is not positive",
               "50 requests in flight suit most functions");
  if (scale.idle <= std::chrono::nanoseconds(0))
    return bad("spec.scale.idle", format_duration(scale.idle) + " is not positive",
               "10m suits most functions");
  if (scale.min < 0)
    return bad("spec.scale.min", std::to_string(scale.min) + " is negative",
               "use 0 for a function that may have no instance");
  if (scale.max < 1 || scale.max > kMaxReplicas)
    return bad("spec.scale.max",
               std::to_string(scale.max) + " is not between 1 and " + std::to_string(kMaxReplicas), "");
  if (scale.min > scale.max)
    return bad("spec.scale.min",
               std::to_string(scale.min) + " is more than scale.max, " + std::to_string(scale.max),
               "raise scale.max or lower scale.min");
  return {};
}

Status check_metadata(const Metadata& metadata, Platform platform) {
  FAISCA_CHECK_OK(validate_name(metadata.name, "metadata.name"));
  if (platform == Platform::kKubernetes && std::isdigit(static_cast<unsigned char>(metadata.name[0])))
    return bad("metadata.name", quote(metadata.name) + " begins with a digit",
               "begin with a letter: a Service has the same name");
  return validate_name(metadata.name_space, "metadata.namespace");
}

}  // namespace

Status validate_name(std::string_view name, std::string_view field) {
  const std::string hint = "use 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'";
  if (name.empty()) return bad(field, "it is missing", hint);
  if (name.size() > kLongestLabel)
    return bad(field, quote(name) + " has " + std::to_string(name.size()) + " characters, more than 63",
               hint);
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!letters || name.front() == '-' || name.back() == '-')
    return bad(field, quote(name) + " is not a DNS-1123 label", hint);
  return {};
}

Status validate(const Function& function, Platform platform) {
  const FunctionSpec& spec = function.spec;
  FAISCA_CHECK_OK(check_metadata(function.metadata, platform));
  FAISCA_CHECK_OK(check_what_runs(spec, platform));
  FAISCA_CHECK_OK(check_source(spec, platform));
  FAISCA_CHECK_OK(check_offload(spec));
  for (size_t i = 0; i < spec.handler.command.size(); ++i)
    FAISCA_CHECK_OK(
        check_no_zero(spec.handler.command[i], "spec.handler.command[" + std::to_string(i) + "]"));
  if (!spec.handler.command.empty() && spec.handler.command[0].empty())
    return bad("spec.handler.command[0]", "it is empty", "name the program to run");
  FAISCA_CHECK_OK(check_env(spec));
  FAISCA_CHECK_OK(check_timeouts(spec.timeouts));
  if (spec.concurrency.per_instance < 0)
    return bad("spec.concurrency.perInstance", std::to_string(spec.concurrency.per_instance) + " is negative",
               "use 0 for no limit");
  if (spec.max_body_bytes < 1 || spec.max_body_bytes > kLargestBody)
    return bad("spec.maxBodyBytes", std::to_string(spec.max_body_bytes) + " is not between 1 and 1024Gi",
               "10Mi suits most functions");
  if (spec.replicas && (*spec.replicas < 0 || *spec.replicas > kMaxReplicas))
    return bad("spec.replicas",
               std::to_string(*spec.replicas) + " is not between 0 and " + std::to_string(kMaxReplicas),
               "use 0 to run no instance");
  FAISCA_CHECK_OK(check_references(spec.secrets, "spec.secrets"));
  FAISCA_CHECK_OK(check_references(spec.config_maps, "spec.configMaps"));
  return check_scale(spec.scale);
}

}  // namespace faisca::api
