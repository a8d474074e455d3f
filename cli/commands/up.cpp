// `faisca up`: the embedded platform: agent and gateway, kept running; samples on a new home.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>
#include <stop_token>
#include <thread>

#include "cli/command.h"
#include "cli/deploy_function.h"
#include "cli/exit_code.h"
#include "cli/function/folder.h"
#include "cli/platform/home.h"
#include "cli/platform/port.h"
#include "cli/platform/samples.h"
#include "cli/platform/supervisor.h"
#include "lib/base/version.h"

namespace faisca::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

struct UpOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 8080;
  std::string home;
  std::string samples;
};

constexpr milliseconds kReadyTimeout{15'000};
constexpr milliseconds kSampleTimeout{30'000};
constexpr milliseconds kPoll{10};

Result<std::string> platform_program(const Context& context, const std::string& name) {
  const fs::path program = context.programs / name;
  if (!fs::exists(program))
    return fail(Code::kNotFound, "there is no " + program.string(),
                "faisca up needs the platform's programs beside its own: ./dev build makes them all");
  return program.string();
}

Result<Service> service(const Context& context, const Home& home, const std::string& name,
                        std::vector<std::string> arguments) {
  FAISCA_TRY(program, platform_program(context, "faisca-" + name));
  Service service{.name = name, .command = {.path = program}, .log = home.log(name)};
  service.command.arguments = {program};
  service.command.arguments.insert(service.command.arguments.end(), arguments.begin(), arguments.end());
  service.command.environment = context.environment;
  return service;
}

// Those that are called first: they stop last.
Result<std::vector<Service>> services(const Context& context, const Home& home, const UpOptions& options,
                                      uint16_t port) {
  const std::string socket = "unix:" + home.agent_socket().string();
  FAISCA_TRY(watchdog, platform_program(context, "faisca-watchdog"));
  FAISCA_TRY(watchdog_offload, platform_program(context, "faisca-watchdog-offload"));
  FAISCA_TRY(agent, service(context, home, "agent", {"--listen", socket}));
  FAISCA_TRY(gateway, service(context, home, "gateway",
                              {"--address", options.address, "--port", std::to_string(port), "--home",
                               home.folder().string(), "--watchdog", watchdog, "--watchdog-offload",
                               watchdog_offload, "--agent", socket}));
  return std::vector<Service>{std::move(agent), std::move(gateway)};
}

Status wait_until_healthy(const GatewayClient& gateway, const std::stop_token& stop) {
  const auto deadline = std::chrono::steady_clock::now() + kReadyTimeout;
  for (;;) {
    const Status health = gateway.health(milliseconds(1000));
    if (health || stop.stop_requested() || std::chrono::steady_clock::now() >= deadline) return health;
    std::this_thread::sleep_for(kPoll);
  }
}

std::string what_to_try(const Context& context, const std::vector<std::string>& names) {
  struct Line {
    const char* function;
    const char* arguments;
    const char* answer;
  };
  constexpr Line kLines[] = {{"hello", " -d Ada", "Hello, Ada!"},
                             {"hello-ebpf", "", "4"},
                             {"checksum", " -d 'The quick brown fox'", "0x and four hex digits"}};
  std::string text;
  for (const Line& line : kLines)
    if (std::find(names.begin(), names.end(), line.function) != names.end())
      text += "  curl -sS " + context.gateway + "/function/" + line.function + line.arguments + "    # " +
              line.answer + "\n";
  return text + "  " + context.command + " --gateway " + context.gateway + " list\n";
}

// What happens while the supervisor runs: wait for the gateway, deploy the samples, say what to try.
Status bring_up(Context& context, const Home& home, const std::vector<api::Function>& samples,
                const std::stop_token& stop) {
  const GatewayClient gateway(context.gateway);
  FAISCA_CHECK_OK(wait_until_healthy(gateway, stop));
  for (const api::Function& sample : samples) FAISCA_CHECK_OK(send_function(context, sample));
  for (const api::Function& sample : samples)
    FAISCA_CHECK_OK(wait_until_ready(context, sample.metadata.name, kSampleTimeout));
  if (!samples.empty()) FAISCA_CHECK_OK(mark_samples_deployed(home));
  FAISCA_TRY(functions, gateway.list());
  std::vector<std::string> names;
  std::string listed;
  for (const FunctionView& function : functions) {
    names.push_back(function.name);
    listed += (listed.empty() ? "" : ", ") + function.name;
  }
  *context.out << "Faisca " << kVersion << " is ready at " << context.gateway << "\n"
               << "Functions: " << (listed.empty() ? "none yet" : listed)
               << "\nHome: " << home.folder().string() << "\n\nTry:\n"
               << what_to_try(context, names) << "\nCtrl-C stops everything.\n"
               << std::flush;
  return {};
}

Result<int> up(const UpOptions& options, Context& context) {
  FAISCA_CHECK_OK(block_signals());
  FAISCA_TRY(home, Home::open(options.home.empty() ? context.state : fs::path(options.home)));
  FAISCA_TRY(port, free_port(options.address, options.port));
  const std::string host = options.address == "0.0.0.0" ? "127.0.0.1" : options.address;
  context.gateway = "http://" + host + ":" + std::to_string(port);
  std::vector<api::Function> samples;
  if (!options.samples.empty() && !samples_deployed(home)) {
    FAISCA_TRY(prepared, prepare_samples(context, options.samples, home));
    samples = std::move(prepared);
  }
  FAISCA_TRY(programs, services(context, home, options, port));
  SupervisorSettings settings;
  settings.notice = [&context](const std::string& text) { *context.err << "note: " << text << std::endl; };
  FAISCA_TRY(supervisor, Supervisor::make(std::move(programs), std::move(settings)));

  std::jthread starter(
      [&](const std::stop_token& stop) { supervisor->report(bring_up(context, home, samples, stop)); });
  const Status done = supervisor->run();
  starter.request_stop();
  supervisor->stop();
  starter.join();
  FAISCA_CHECK_OK(done);
  *context.err << "stopped" << std::endl;
  return kExitOk;
}

}  // namespace

void add_up(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand("up", "Run the platform on this machine until Ctrl-C");
  auto options = std::make_shared<UpOptions>();
  command->add_option("--address", options->address, "IPv4 address to listen on")
      ->capture_default_str()
      ->type_name("IP");
  command->add_option("--port", options->port, "TCP port to listen on; 0 picks a free one")
      ->capture_default_str()
      ->type_name("N")
      ->check(CLI::Range(0, 65535).description(""));
  command->add_option("--home", options->home, "Where everything is kept (default: ~/.local/state/faisca)")
      ->type_name("DIR");
  command->add_option("--samples", options->samples, "Deploy the functions of this folder to a new home")
      ->type_name("DIR");
  runs[command] = [options](Context& context) { return up(*options, context); };
}

}  // namespace faisca::cli
