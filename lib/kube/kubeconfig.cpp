// The kubeconfig format: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
#include <yaml-cpp/yaml.h>

#include "lib/base/base64.h"
#include "lib/base/nearest.h"
#include "lib/kube/config.h"

namespace faisca::kube {
namespace {

tl::unexpected<Error> refuse(std::string message, std::string hint = "") {
  return fail(Code::kInvalidArgument, std::move(message), std::move(hint));
}

// A node's text; kInvalidArgument if it is a list or a map.
Result<std::string> text(const YAML::Node& parent, const char* name) {
  const YAML::Node node = parent[name];
  if (!node || node.IsNull()) return "";
  if (!node.IsScalar())
    return refuse("line " + std::to_string(node.Mark().line + 1) + ": " + name + " must be a text");
  return node.Scalar();
}

class Reader {
 public:
  Reader(const YAML::Node& root, const std::filesystem::path& folder) : root_(root), folder_(folder) {}

  Result<Config> read(std::string_view wanted) {
    FAISCA_TRY(current, text(root_, "current-context"));
    const std::string name = wanted.empty() ? current : std::string(wanted);
    if (name.empty()) return refuse("no current-context is set", "name a context");
    FAISCA_TRY(context, entry("contexts", "context", name));
    FAISCA_TRY(cluster_name, text(context, "cluster"));
    FAISCA_TRY(user_name, text(context, "user"));
    FAISCA_TRY(space, text(context, "namespace"));
    FAISCA_TRY(cluster, entry("clusters", "cluster", cluster_name));
    Config config;
    config.space = space.empty() ? "default" : space;
    FAISCA_CHECK_OK(read_cluster(cluster, config));
    if (user_name.empty()) return config;
    FAISCA_TRY(user, entry("users", "user", user_name));
    FAISCA_CHECK_OK(read_user(user, config));
    return config;
  }

 private:
  // The value of `member` in the entry of `list` with this name.
  Result<YAML::Node> entry(const char* list, const char* member, const std::string& name) {
    const YAML::Node all = root_[list];
    std::vector<std::string> names;
    if (all && !all.IsSequence()) return refuse(std::string(list) + " must be a list");
    for (size_t i = 0; all && i < all.size(); ++i) {
      if (!all[i].IsMap()) return refuse(std::string(list) + "[" + std::to_string(i) + "] must be a map");
      FAISCA_TRY(its_name, text(all[i], "name"));
      names.push_back(its_name);
      if (its_name != name) continue;
      const YAML::Node value = all[i][member];
      if (!value || value.IsNull()) return YAML::Node(YAML::NodeType::Map);
      if (!value.IsMap())
        return refuse(std::string(list) + " \"" + name + "\": " + member + " must be a map");
      return value;
    }
    const std::string close = nearest(name, names);
    return refuse("there is no \"" + name + "\" in " + list,
                  close.empty() ? "" : "did you mean \"" + close + "\"?");
  }

  Status read_cluster(const YAML::Node& cluster, Config& config) {
    FAISCA_TRY(server, text(cluster, "server"));
    while (server.ends_with('/')) server.pop_back();
    if (!server.starts_with("https://") && !server.starts_with("http://"))
      return refuse("server \"" + server + "\" is not a URL", "write it like https://10.96.0.1:443");
    config.server = std::move(server);
    FAISCA_TRY(authority, material(cluster, "certificate-authority"));
    config.authority = std::move(authority);
    FAISCA_TRY(tls_name, text(cluster, "tls-server-name"));
    config.tls_server_name = std::move(tls_name);
    FAISCA_TRY(insecure, text(cluster, "insecure-skip-tls-verify"));
    config.skip_verification = insecure == "true";
    if (cluster["proxy-url"]) return refuse("proxy-url is not supported");
    return {};
  }

  Status read_user(const YAML::Node& user, Config& config) {
    for (const char* unsupported : {"auth-provider", "username", "as"})
      if (user[unsupported])
        return refuse(std::string(unsupported) + " is not supported",
                      "use a token, a client certificate or exec");
    FAISCA_TRY(certificate, material(user, "client-certificate"));
    config.certificate = std::move(certificate);
    FAISCA_TRY(key, material(user, "client-key"));
    config.key = std::move(key);
    if (config.certificate.empty() != config.key.empty())
      return refuse("a client certificate and its client key are both needed");
    FAISCA_TRY(token, text(user, "token"));
    config.token.data = std::move(token);
    FAISCA_TRY(token_file, text(user, "tokenFile"));
    if (!token_file.empty()) config.token = {.data = "", .file = folder_ / token_file};
    if (const YAML::Node exec = user["exec"]) return read_exec(exec, config.exec);
    return {};
  }

  Status read_exec(const YAML::Node& exec, ExecPlugin& plugin) {
    if (!exec.IsMap()) return refuse("exec must be a map");
    FAISCA_TRY(version, text(exec, "apiVersion"));
    if (version != "client.authentication.k8s.io/v1" && version != "client.authentication.k8s.io/v1beta1")
      return refuse("exec.apiVersion \"" + version + "\" is not known",
                    "use client.authentication.k8s.io/v1");
    FAISCA_TRY(command, text(exec, "command"));
    if (command.empty()) return refuse("exec.command is missing");
    FAISCA_TRY(hint, text(exec, "installHint"));
    plugin.api_version = std::move(version);
    // client-go: a path with a separator is relative to the file, a bare name is looked up in PATH.
    const bool is_bare = command.find('/') == std::string::npos;
    plugin.command = is_bare ? command : (folder_ / command).string();
    plugin.install_hint = std::move(hint);
    if (const YAML::Node all = exec["args"]; all && all.IsSequence())
      for (const YAML::Node& argument : all) {
        if (!argument.IsScalar()) return refuse("exec.args must be texts");
        plugin.arguments.push_back(argument.Scalar());
      }
    if (const YAML::Node all = exec["env"]; all && all.IsSequence())
      for (const YAML::Node& variable : all) {
        if (!variable.IsMap()) return refuse("exec.env must be a list of {name, value}");
        FAISCA_TRY(name, text(variable, "name"));
        FAISCA_TRY(value, text(variable, "value"));
        plugin.environment[name] = value;
      }
    return {};
  }

  // NAME is a path, NAME-data the bytes in base64; the latter wins.
  Result<Material> material(const YAML::Node& parent, const std::string& name) {
    FAISCA_TRY(data, text(parent, (name + "-data").c_str()));
    if (!data.empty()) {
      FAISCA_TRY(bytes, base64_decode(data).map_error(while_doing("reading " + name + "-data")));
      return Material{.data = std::move(bytes), .file = {}};
    }
    FAISCA_TRY(file, text(parent, name.c_str()));
    if (file.empty()) return Material{};
    return Material{.data = "", .file = folder_ / file};
  }

  const YAML::Node& root_;
  const std::filesystem::path& folder_;
};

}  // namespace

Result<Config> parse_kubeconfig(std::string_view text, const std::filesystem::path& folder,
                                std::string_view context) {
  try {
    const YAML::Node root = YAML::Load(std::string(text));
    if (!root.IsMap()) return refuse("this is not a kubeconfig: it is not a map");
    return Reader(root, folder).read(context);
  } catch (const YAML::Exception& error) {
    return refuse("this is not YAML: " + std::string(error.what()));
  }
}

}  // namespace faisca::kube
