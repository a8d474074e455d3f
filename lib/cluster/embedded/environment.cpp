#include "lib/cluster/embedded/environment.h"

#include <map>
#include <string_view>

#include "lib/base/duration.h"

namespace faisca::cluster {
namespace {

using Variables = std::map<std::string, std::string>;

std::string_view output_name(api::OffloadOutput output) {
  switch (output) {
    case api::OffloadOutput::kDecimal:
      return "decimal";
    case api::OffloadOutput::kHex16:
      return "hex16";
    case api::OffloadOutput::kHex32:
      return "hex32";
    case api::OffloadOutput::kHex64:
      return "hex64";
    case api::OffloadOutput::kMemory:
      return "memory";
  }
  return "decimal";
}

void add_spec(const api::FunctionSpec& spec, Variables& out) {
  out["exec_timeout"] = format_duration(spec.timeouts.exec);
  out["read_timeout"] = format_duration(spec.timeouts.read);
  out["write_timeout"] = format_duration(spec.timeouts.write);
  out["max_inflight"] = std::to_string(spec.concurrency.per_instance);
  // The gateway stops sending before SIGTERM: routers need no time to notice.
  out["healthcheck_interval"] = "100ms";
}

void add_offload(const api::Offload& offload, const InstancePlace& place, Variables& out) {
  out["FAISCA_AGENT"] = place.agent;
  out["FAISCA_OBJECT"] = place.object;
  out["FAISCA_PROGRAM"] = offload.program;
  out["FAISCA_CONVENTION"] = offload.convention == api::Convention::kXdp ? "xdp" : "mem";
  out["FAISCA_OUTPUT"] = output_name(offload.output);
  out["FAISCA_BUDGET"] = std::to_string(offload.budget);
}

}  // namespace

std::vector<std::string> instance_environment(const api::Function& function, const InstancePlace& place) {
  Variables variables;
  variables["PATH"] = kSearchPath;
  variables["OPENFAAS_NAME"] = function.metadata.name;
  variables["OPENFAAS_NAMESPACE"] = function.metadata.name_space;
  add_spec(function.spec, variables);
  for (const api::EnvVar& variable : function.spec.env) variables[variable.name] = variable.value;
  variables[kHomeMark] = place.home;
  variables[kInstanceMark] = place.id;
  variables["FAISCA_LISTEN_FD"] = std::to_string(place.listen_fd);
  variables["FAISCA_METRICS_FD"] = std::to_string(place.metrics_fd);
  variables["FAISCA_LOCK_FILE"] = place.lock_file;
  variables["FAISCA_MAX_BODY"] = std::to_string(function.spec.max_body_bytes);
  if (function.spec.offload) add_offload(*function.spec.offload, place, variables);
  std::vector<std::string> out;
  for (const auto& [name, value] : variables) out.push_back(name + "=" + value);
  return out;
}

}  // namespace faisca::cluster
