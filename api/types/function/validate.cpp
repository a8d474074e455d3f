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

Status check_what_runs(const FunctionSpec& spec) {
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
  if (command.empty())
    return bad("spec", "nothing says what runs",
               "give one of image, source, offload, or an absolute handler.command");
  if (!command[0].starts_with("/"))
    return bad("spec.handler.command[0]", quote(command[0]) + " is not an absolute path",
               "without image or source there is no folder to look it up in: write it as /PATH/TO/PROGRAM");
  return {};
}

Status check_source(const FunctionSpec& spec) {
  if (!spec.source) return {};
  const Source& source = *spec.source;
  const bool inline_given = !source.inline_code.empty();
  if (inline_given == source.archive.has_value())
    return bad("spec.source", inline_given ? "inline and archive exclude each other" : "it is empty",
               inline_given ? "keep one of them" : "give inline code, or archive: {url, sha256}");
  if (inline_given && !interpreter_of(source.runtime))
    return bad("spec.source.runtime", quote(source.runtime) + " cannot interpret inline code",
               "use python3, node or bash; build and archive anything else");
  if (spec.handler.command.empty())
    return bad("spec.handler.command", "it is missing",
               "name the program in the archive, for example [./handler]");
  if (!source.archive) return {};
  if (source.archive->url.find("://") == std::string::npos)
    return bad("spec.source.archive.url", quote(source.archive->url) + " is not a URL",
               "write it like file:///PATH/code.tar");
  const std::string& sum = source.archive->sha256;
  if (sum.size() != 64 ||
      !std::all_of(sum.begin(), sum.end(), [](unsigned char c) { return std::isxdigit(c); }))
    return bad("spec.source.archive.sha256", quote(sum) + " is not 64 hex digits",
               "take it from `sha256sum FILE`");
  return {};
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
  return check_no_zero(offload.program, "spec.offload.program");
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

Status check_metadata(const Metadata& metadata) {
  FAISCA_CHECK_OK(validate_name(metadata.name, "metadata.name"));
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

Status validate(const Function& function) {
  const FunctionSpec& spec = function.spec;
  FAISCA_CHECK_OK(check_metadata(function.metadata));
  FAISCA_CHECK_OK(check_what_runs(spec));
  FAISCA_CHECK_OK(check_source(spec));
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
  return check_scale(spec.scale);
}

}  // namespace faisca::api
