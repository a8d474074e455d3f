#include "deviceplugin/settings.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "lib/base/files.h"
#include "lib/base/log.h"

namespace faisca::deviceplugin {
namespace {

constexpr std::string_view kScheme = "unix:";

}  // namespace

void declare(Config& config, Settings& settings) {
  config.add("agent", &settings.agent,
             {.sentence = "Socket of the agent beside this plugin: unix:PATH", .unit = "address"});
  config.add(
      "host_folder", &settings.host_folder,
      {.sentence = "Folder of that socket on the node, which containers get mounted; empty: as in agent",
       .unit = "path"});
  config.add("node", &settings.node,
             {.sentence = "Name of the Node that this runs on", .env = {"NODE_NAME"}});
  config.add("index", &settings.index,
             {.sentence = "Number of the device on its node", .min = 0, .max = 255});
  config.add("slots", &settings.slots,
             {.sentence = "Functions that may share one engine, called over HTTP",
              .unit = "slots",
              .min = 1,
              .max = 1024});
  config.add("resource", &settings.resource, {.sentence = "Name of the resource that containers ask for"});
  config.add("kubelet_folder", &settings.kubelet_folder,
             {.sentence = "Folder of the kubelet's socket for device plugins", .unit = "path"});
  config.add(
      "kubeconfig", &settings.kubeconfig,
      {.sentence = "File that says where the API server is; empty: the pod's own account", .unit = "path"});
  config.add("heartbeat", &settings.heartbeat,
             {.sentence = "How often the device's heartbeat and changed counters are written",
              .min = 1'000'000'000});
  config.add("look", &settings.look,
             {.sentence = "How often the agent is asked how it is", .min = 10'000'000});
  config.add("address", &settings.address,
             {.sentence = "IPv4 address of /metrics, /healthz and /readyz", .unit = "address"});
  config.add("port", &settings.port,
             {.sentence = "Their port; 0 picks a free one and logs it", .unit = "port"});
  config.add("prepare", &settings.prepare,
             {.sentence = "Only make the folder of the agent's socket, owned by agent_user, and end"});
  config.add(
      "agent_user", &settings.agent_user,
      {.sentence = "User that the agent and the functions' containers run as", .unit = "uid", .min = 0});
  config.add("log_level", &settings.log_level, {.sentence = "What is logged", .choices = log_level_names()});
}

Result<std::filesystem::path> socket_path(const std::string& agent) {
  const std::filesystem::path path = agent.starts_with(kScheme) ? agent.substr(kScheme.size()) : "";
  if (path.is_absolute() && path.has_filename()) return path;
  return fail(Code::kInvalidArgument, "agent \"" + agent + "\" is not unix:/PATH",
              "for example unix:/run/faisca/agent.sock");
}

Status check(const Settings& settings) {
  FAISCA_TRY(path, socket_path(settings.agent));
  if (settings.prepare) return {};
  if (settings.node.empty())
    return fail(Code::kInvalidArgument, "node is empty",
                "set NODE_NAME from the downward API (fieldRef spec.nodeName), or --node");
  if (const std::filesystem::path host = settings.host_folder; !host.empty() && !host.is_absolute())
    return fail(Code::kInvalidArgument,
                "host_folder \"" + settings.host_folder + "\" is not an absolute path");
  return {};
}

Status prepare_folder(const Settings& settings) {
  FAISCA_TRY(path, socket_path(settings.agent));
  const std::filesystem::path folder = path.parent_path();
  FAISCA_CHECK_OK(make_folder(folder));
  const auto user = static_cast<uid_t>(settings.agent_user);
  struct stat info{};
  if (::stat(folder.c_str(), &info) != 0) return fail(errno_error(errno, "looking at " + folder.string()));
  if (info.st_uid != user && ::chown(folder.c_str(), user, static_cast<gid_t>(-1)) != 0)
    return fail(errno_error(errno, "giving " + folder.string() + " to user " + std::to_string(user)));
  if ((info.st_mode & 07777) != 0755 && ::chmod(folder.c_str(), 0755) != 0)
    return fail(errno_error(errno, "setting the mode of " + folder.string()));
  return {};
}

}  // namespace faisca::deviceplugin
