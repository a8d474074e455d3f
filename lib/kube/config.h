// Where the API server is and who we are to it: from the pod we run in, or from a kubeconfig file.
//
// Secrets that are files (token, tokenFile) stay paths and are read again when they change, because kubelet
// rotates them; certificates are read whenever a connection is made. Thread: plain values.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace faisca::kube {

// Bytes that stand in the configuration itself, or in a file that may change.
struct Material {
  std::string data;
  std::filesystem::path file;  // used if `data` is empty

  bool empty() const { return data.empty() && file.empty(); }
  Result<std::string> read() const;  // kNotFound and the like name the file
};

// A program that prints an ExecCredential (client.authentication.k8s.io/v1).
struct ExecPlugin {
  std::string command;  // a path, or a name to be found in PATH
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  // of its own, over what it inherits
  std::vector<std::string> inherited;              // NAME=value
  std::string api_version;
  std::string install_hint;
};

struct Config {
  std::string server;              // "https://10.96.0.1:443", no path unless the server has one
  Material authority;              // CA certificates (PEM); empty: the system's
  Material certificate;            // of the client, with its chain (PEM)
  Material key;                    // of `certificate`
  Material token;                  // bearer token
  ExecPlugin exec;                 // used if `command` is set
  std::string tls_server_name;     // what the server's certificate must say; empty: the host of `server`
  bool skip_verification = false;  // insecure-skip-tls-verify
  std::string space;               // the context's or the pod's namespace; "default" if none is given
};

// What main() found in the environment and the file system.
struct PodEnvironment {
  std::string host;  // KUBERNETES_SERVICE_HOST
  std::string port;  // KUBERNETES_SERVICE_PORT
  std::filesystem::path folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  std::vector<std::string> variables;  // all of them, NAME=value: what an exec plugin inherits
};

// kFailedPrecondition: not in a pod (no host), or no token is mounted.
Result<Config> in_cluster(const PodEnvironment& environment);

// `context` empty: the file's current-context. Relative paths are relative to the file.
Result<Config> load_kubeconfig(const std::filesystem::path& file, std::string_view context = "");
// The same from text; `folder` is what relative paths are relative to. kInvalidArgument says the line.
Result<Config> parse_kubeconfig(std::string_view text, const std::filesystem::path& folder,
                                std::string_view context = "");

// What every binary does: the kubeconfig if one is named (flag or setting), else the pod's.
Result<Config> find_config(const std::filesystem::path& kubeconfig, std::string_view context,
                           const PodEnvironment& environment);

}  // namespace faisca::kube
