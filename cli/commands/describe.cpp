// `faisca describe NAME`
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/gateway_client.h"
#include "cli/print.h"

namespace faisca::cli {

void add_describe(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand("describe", "Show everything about a function");
  auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "Name of the function")->required()->type_name("NAME");
  runs[command] = [name](Context& context) -> Result<int> {
    FAISCA_TRY(function, GatewayClient(context.gateway).get(*name));
    if (context.format == Format::kJson) {
      *context.out << pretty_json(function.json);
      return 0;
    }
    // YAML reads well enough to be the form for people, too; the URL is what they ask for next.
    *context.out << json_as_yaml(function.json);
    if (context.format == Format::kTable)
      *context.out << "url: " << context.gateway << "/function/" << function.name << "\n";
    return 0;
  };
}

}  // namespace faisca::cli
