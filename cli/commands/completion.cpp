// `faisca completion bash|zsh|fish`
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/exit_code.h"

namespace faisca::cli {

void add_completion(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand("completion", "Print a completion script for a shell");
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->type_name("SHELL")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}).description(""));
  command->footer(
      "Load it:\n"
      "  bash: source <(faisca completion bash)\n"
      "  zsh:  source <(faisca completion zsh)\n"
      "  fish: faisca completion fish | source");
  runs[command] = [shell, &root](Context& context) -> Result<int> {
    *context.out << completion_script(*shell, describe_commands(root));
    return kExitOk;
  };
}

}  // namespace faisca::cli
