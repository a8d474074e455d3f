#include "lib/cluster/embedded/plan.h"

#include "lib/cluster/embedded/embedded.h"
#include "lib/cluster/embedded/environment.h"
#include "lib/process/executable.h"

namespace faisca::cluster {
namespace {

tl::unexpected<Error> only_kubernetes(std::string_view field, std::string_view why, std::string hint) {
  return fail(Code::kUnimplemented, std::string(field) + ": the embedded platform has no " + std::string(why),
              std::move(hint));
}

// resources and pod have no effect here; what would change what the function sees is refused.
Status check_needs_no_objects(const api::FunctionSpec& spec) {
  const std::string deploy = "; or deploy to Kubernetes";
  if (spec.source && !spec.source->config_map.empty())
    return only_kubernetes("spec.source.configMapRef", "ConfigMaps",
                           "give the code inline or as an archive" + deploy);
  if (spec.offload && !spec.offload->ports.empty())
    return only_kubernetes("spec.offload.ports", "network ports on its device",
                           "remove them: the program is called over HTTP with the body as a packet" + deploy);
  if (!spec.secrets.empty())
    return only_kubernetes("spec.secrets", "Secrets", "give the values in env" + deploy);
  if (!spec.config_maps.empty())
    return only_kubernetes("spec.configMaps", "ConfigMaps", "put the files into source.archive" + deploy);
  for (size_t i = 0; i < spec.env.size(); ++i)
    if (spec.env[i].value_from)
      return only_kubernetes("spec.env[" + std::to_string(i) + "].valueFrom", "Secrets and ConfigMaps",
                             "give its value" + deploy);
  if (spec.suspended)
    return only_kubernetes("spec.suspended", "suspended functions", "scale it to 0 instead" + deploy);
  if (spec.replicas)
    return only_kubernetes("spec.replicas", "replicas in the spec",
                           "give scale.min, or scale it with the REST API" + deploy);
  return {};
}

Status check_runs_here(const api::FunctionSpec& spec) {
  if (!spec.image.empty() && spec.handler.command.empty())
    return fail(Code::kUnimplemented,
                "spec.image: the image \"" + spec.image +
                    "\" cannot run here: the embedded platform has no container runtime",
                "give source or handler.command (envProcess) instead, or deploy to Kubernetes");
  if (spec.handler.mode != api::Mode::kFork)
    return fail(Code::kUnimplemented, "spec.handler.mode: the embedded platform's watchdog runs fork only",
                "use mode: fork");
  return check_needs_no_objects(spec);
}

// The handler's absolute path.
Result<std::string> find_handler(const api::FunctionSpec& spec, const std::string& folder) {
  const std::string& word = spec.handler.command[0];
  if (folder.empty() && !word.starts_with('/') && word.find('/') != std::string::npos)
    return fail(
        Code::kInvalidArgument,
        "spec.handler.command[0]: \"" + word + "\" is relative, and there is no source to look it up in",
        "write an absolute path, or give source.archive");
  return process::find_executable(word, folder, kSearchPath).map_error([](Error error) {
    error.message = "spec.handler.command[0]: " + error.message;
    error.code = Code::kInvalidArgument;
    return error;
  });
}

}  // namespace

Result<PlanPtr> make_plan(const Deployment& deployment, const EmbeddedSettings& settings,
                          ArtifactStore& artifacts) {
  const api::FunctionSpec& spec = deployment.function.spec;
  FAISCA_CHECK_OK(check_runs_here(spec));
  FAISCA_TRY(files, artifacts.prepare(deployment.function));
  Plan plan;
  plan.deployment = deployment;
  plan.files = std::move(files);
  const std::string folder = plan.files ? plan.files->folder().string() : "";
  plan.folder = folder.empty() ? "/" : folder;
  plan.watchdog = (spec.offload ? settings.watchdog_offload : settings.watchdog).string();
  plan.arguments = {plan.watchdog};
  if (spec.offload) {
    plan.object = folder + "/object.o";
  } else {
    FAISCA_TRY(handler, find_handler(spec, folder));
    plan.arguments.insert(plan.arguments.end(), {"--", std::move(handler)});
    plan.arguments.insert(plan.arguments.end(), spec.handler.command.begin() + 1, spec.handler.command.end());
  }
  return PlanPtr(std::make_shared<const Plan>(std::move(plan)));
}

}  // namespace faisca::cluster
