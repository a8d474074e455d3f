// faisca-gateway: the gateway over the embedded cluster, in one process. It alone, of its binary, reads
// arguments and environment, and wires.
#include <unistd.h>

#include <cerrno>

#include "gateway/process.h"
#include "lib/cluster/embedded/embedded.h"

namespace faisca::gateway {
namespace {

constexpr char kName[] = "faisca-gateway";

Status check(const EmbeddedConfig& settings) {
  if (settings.home.empty())
    return fail(Code::kInvalidArgument, "--home is missing", "give a folder for functions and logs");
  if (settings.watchdog.empty()) {
    return fail(Code::kInvalidArgument, "--watchdog is missing", "give the path of faisca-watchdog");
  }
  for (const std::string& program : {settings.watchdog, settings.watchdog_offload}) {
    if (program.empty() || ::access(program.c_str(), X_OK) == 0) continue;
    return fail(errno_error(errno, "the program " + program + " cannot be run"));
  }
  return {};
}

Status run(int argc, char** argv) {
  GatewayConfig settings;
  EmbeddedConfig mine;
  Config config(kName, "Routes HTTP requests to functions on this machine.");
  declare(config, settings);
  declare(config, mine);
  FAISCA_TRY(action, config.load(argc, argv, environ));
  if (action == Config::Action::kExit) return {};
  FAISCA_CHECK_OK(check(mine));
  cluster::EmbeddedSettings embedded;
  embedded.home = mine.home;
  embedded.watchdog = mine.watchdog;
  embedded.watchdog_offload = mine.watchdog_offload;
  embedded.agent = mine.agent;
  return serve_until_stopped(settings, [&] { return cluster::open_embedded(embedded); }, 1);
}

}  // namespace
}  // namespace faisca::gateway

int main(int argc, char** argv) {
  return faisca::gateway::finish(faisca::gateway::kName, faisca::gateway::run(argc, argv));
}
