// `faisca sim`: hands its words to faisca-sim, which stands beside this program and holds the simulated
// device.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <ostream>

#include "cli/command.h"

namespace faisca::cli {

void add_sim(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand(
      "sim", "Run an XDP object on the simulated device's ports; faisca sim --help tells more");
  command->prefix_command();
  command->fallthrough(false);
  command->set_help_flag();  // its own --help is answered by faisca-sim
  runs[command] = [command](Context& context) -> Result<int> {
    const std::string program = context.programs / "faisca-sim";
    std::vector<std::string> words = command->remaining();
    std::vector<char*> arguments = {const_cast<char*>("faisca sim")};
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    context.out->flush();
    ::execv(program.c_str(), arguments.data());
    return fail(Code::kNotFound, "cannot start " + program + ": " + std::strerror(errno),
                "it is built with the platform: ./dev up, or cmake --build");
  };
}

}  // namespace faisca::cli
