#include "lib/kube/config.h"

#include "lib/base/files.h"

namespace faisca::kube {

Result<std::string> Material::read() const {
  if (!data.empty()) return data;
  return read_file(file, 1u << 20);
}

Result<Config> in_cluster(const PodEnvironment& environment) {
  if (environment.host.empty() || environment.port.empty())
    return fail(Code::kFailedPrecondition,
                "not in a pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set",
                "outside of a cluster name a kubeconfig file");
  Config config;
  const bool is_ipv6 = environment.host.find(':') != std::string::npos;
  config.server =
      "https://" + (is_ipv6 ? "[" + environment.host + "]" : environment.host) + ":" + environment.port;
  config.token.file = environment.folder / "token";
  config.authority.file = environment.folder / "ca.crt";
  if (std::error_code error; !std::filesystem::exists(config.token.file, error))
    return fail(Code::kFailedPrecondition, "no service account token in " + environment.folder.string(),
                "the pod needs a serviceAccountName and automountServiceAccountToken");
  auto space = read_file(environment.folder / "namespace", 4096);
  config.space = space ? *space : "";
  while (!config.space.empty() && config.space.back() == '\n') config.space.pop_back();
  if (config.space.empty()) config.space = "default";
  return config;
}

Result<Config> load_kubeconfig(const std::filesystem::path& file, std::string_view context) {
  FAISCA_TRY(text, read_file(file, 4u << 20));
  return parse_kubeconfig(text, file.parent_path(), context)
      .map_error(while_doing("reading " + file.string()));
}

Result<Config> find_config(const std::filesystem::path& kubeconfig, std::string_view context,
                           const PodEnvironment& environment) {
  if (kubeconfig.empty()) return in_cluster(environment);
  FAISCA_TRY(config, load_kubeconfig(kubeconfig, context));
  config.exec.inherited = environment.variables;
  return config;
}

}  // namespace faisca::kube
