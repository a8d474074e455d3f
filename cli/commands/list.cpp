// `faisca list`
#include <CLI/CLI.hpp>
#include <cmath>
#include <ctime>
#include <ostream>

#include "cli/command.h"
#include "cli/gateway_client.h"
#include "cli/print.h"

namespace faisca::cli {
namespace {

std::string all_as_json(const std::vector<FunctionView>& functions) {
  std::string json = "[";
  for (const FunctionView& function : functions) json += (json.size() > 1 ? "," : "") + function.json;
  return json + "]";
}

std::string all_as_table(const std::vector<FunctionView>& functions) {
  std::vector<std::vector<std::string>> rows = {{"NAME", "READY", "INVOCATIONS", "AGE"}};
  const long long now = std::time(nullptr);
  for (const FunctionView& function : functions)
    rows.push_back({function.name,
                    std::to_string(function.available) + "/" + std::to_string(function.replicas),
                    std::to_string(std::llround(function.invocations)), age(function.created_at, now)});
  return table(rows);
}

}  // namespace

void add_list(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand("list", "List functions");
  runs[command] = [](Context& context) -> Result<int> {
    FAISCA_TRY(functions, GatewayClient(context.gateway).list());
    switch (context.format) {
      case Format::kTable:
        *context.out << all_as_table(functions);
        break;
      case Format::kJson:
        *context.out << pretty_json(all_as_json(functions));
        break;
      case Format::kYaml:
        *context.out << json_as_yaml(all_as_json(functions));
        break;
    }
    return 0;
  };
}

}  // namespace faisca::cli
