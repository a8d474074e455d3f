// `faisca version`
#include "lib/base/version.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/gateway_client.h"
#include "cli/print.h"

namespace faisca::cli {
namespace {

constexpr std::chrono::milliseconds kPatience{1000};

}  // namespace

void add_version(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand("version", "Show the versions of this program and of the gateway");
  runs[command] = [](Context& context) -> Result<int> {
    nlohmann::ordered_json versions = {{"client", kVersion}, {"gateway", nullptr}, {"url", context.gateway}};
    if (const auto info = GatewayClient(context.gateway).info(kPatience)) {
      const auto json = nlohmann::ordered_json::parse(*info, nullptr, false);
      const nlohmann::ordered_json::json_pointer release("/version/release");
      if (json.is_object() && json.contains(release)) versions["gateway"] = json[release];
    }
    switch (context.format) {
      case Format::kTable:
        *context.out << "faisca " << kVersion << "\n"
                     << (versions["gateway"].is_string()
                             ? "gateway " + printable(versions["gateway"].get<std::string>()) + " at " +
                                   context.gateway
                             : "no gateway at " + context.gateway)
                     << "\n";
        break;
      case Format::kJson:
        *context.out << versions.dump(2) << "\n";
        break;
      case Format::kYaml:
        *context.out << json_as_yaml(versions.dump());
        break;
    }
    return kExitOk;
  };
}

}  // namespace faisca::cli
