// `faisca remove NAME…`
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/gateway_client.h"

namespace faisca::cli {

void add_remove(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand("remove", "Remove functions")->alias("rm");
  auto names = std::make_shared<std::vector<std::string>>();
  command->add_option("names", *names, "Names of the functions")->required()->type_name("NAME");
  runs[command] = [names](Context& context) -> Result<int> {
    for (const std::string& name : *names) {
      FAISCA_CHECK_OK(GatewayClient(context.gateway).remove(name));
      *context.err << "removed " << name << "\n";
    }
    return 0;
  };
}

}  // namespace faisca::cli
