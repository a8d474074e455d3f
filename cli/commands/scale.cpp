// `faisca scale NAME N`
#include <CLI/CLI.hpp>
#include <ostream>

#include "api/types/function/validate.h"
#include "cli/command.h"
#include "cli/gateway_client.h"

namespace faisca::cli {

void add_scale(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand("scale", "Set how many instances a function has");
  auto name = std::make_shared<std::string>();
  auto replicas = std::make_shared<int>();
  command->add_option("name", *name, "Name of the function")->required()->type_name("NAME");
  command->add_option("replicas", *replicas, "Instances; 0 stops it")
      ->required()
      ->type_name("N")
      ->check(CLI::Range(0, api::kMaxReplicas).description(""));
  runs[command] = [name, replicas](Context& context) -> Result<int> {
    FAISCA_CHECK_OK(GatewayClient(context.gateway).scale(*name, *replicas));
    *context.err << "scaled " << *name << " to " << *replicas << "\n";
    return 0;
  };
}

}  // namespace faisca::cli
