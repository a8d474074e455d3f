// `faisca`: the command line. Reads argv and the environment, opens the standard streams, runs.
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>

#include "cli/app.h"

namespace {

using faisca::cli::Context;

std::string first_set(const Context& context, std::initializer_list<const char*> names,
                      const std::string& otherwise) {
  for (const char* name : names)
    if (std::string value = context.variable(name); !value.empty()) return value;
  return otherwise;
}

std::filesystem::path state_folder(const Context& context) {
  if (const std::string state = context.variable("XDG_STATE_HOME"); !state.empty())
    return std::filesystem::path(state) / "faisca";
  return std::filesystem::path(first_set(context, {"HOME"}, "/tmp")) / ".local/state/faisca";
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that went away is an error of write(2), not the end of this process.
  std::signal(SIGPIPE, SIG_IGN);
  std::ios::sync_with_stdio(false);
  Context context;
  for (char** entry = environ; *entry; ++entry) context.environment.emplace_back(*entry);
  if (argc > 0) context.command = argv[0];
  context.out = &std::cout;
  context.err = &std::cerr;
  context.in = &std::cin;
  context.in_terminal = ::isatty(STDIN_FILENO);
  context.out_terminal = ::isatty(STDOUT_FILENO);
  context.err_terminal = ::isatty(STDERR_FILENO);
  context.gateway = first_set(context, {"FAISCA_GATEWAY", "OPENFAAS_URL"}, "http://127.0.0.1:8080");
  std::error_code error;
  context.programs = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  context.state = state_folder(context);
  return faisca::cli::run_app({argv + (argc > 0), argv + argc}, context);
}
