// `faisca deploy DIR` and `faisca deploy -f FILE`
#include <CLI/CLI.hpp>
#include <istream>
#include <iterator>
#include <ostream>

#include "api/types/function/defaults.h"
#include "api/types/function/validate.h"
#include "api/types/function/yaml.h"
#include "cli/command.h"
#include "cli/deploy_function.h"
#include "cli/exit_code.h"
#include "cli/function/folder.h"
#include "cli/print.h"
#include "lib/base/duration.h"
#include "lib/base/files.h"

namespace faisca::cli {
namespace {

struct DeployOptions {
  std::string folder;
  std::string file;
  std::string timeout = "60s";
  bool no_wait = false;
  bool dry_run = false;
};

Result<api::Function> read_function_file(const std::string& file, Context& context) {
  std::string text;
  if (file == "-") {
    text.assign(std::istreambuf_iterator<char>(*context.in), {});
  } else {
    FAISCA_TRY(content, read_file(file, api::kMaxFunctionText));
    text = std::move(content);
  }
  FAISCA_TRY(function, api::parse_function(text).map_error(while_doing("reading " + file)));
  FAISCA_CHECK_OK(api::validate(api::with_defaults(function)).map_error(while_doing("reading " + file)));
  return function;
}

Result<int> deploy(const DeployOptions& options, Context& context) {
  FAISCA_TRY(timeout, parse_duration(options.timeout).map_error(while_doing("reading --timeout")));
  const std::filesystem::path folder = options.folder.empty() ? "." : options.folder;
  FAISCA_TRY(function, options.file.empty() ? prepare_function(context, folder, folder / kBuildFolder)
                                            : read_function_file(options.file, context));
  if (options.dry_run) {
    *context.out << (context.format == Format::kJson ? pretty_json(api::print_function_json(function))
                                                     : api::print_function(function));
    return kExitOk;
  }
  FAISCA_TRY(applied, send_function(context, function));
  const std::string& name = function.metadata.name;
  *context.err << (applied == GatewayClient::Applied::kCreated ? "deployed " : "updated ") << name << "\n";
  if (!options.no_wait)
    FAISCA_CHECK_OK(
        wait_until_ready(context, name, std::chrono::duration_cast<std::chrono::milliseconds>(timeout)));
  const std::string url = context.gateway + "/function/" + name;
  if (context.format == Format::kTable) {
    *context.out << url << "\n";
    return kExitOk;
  }
  FAISCA_TRY(view, GatewayClient(context.gateway).get(name));
  *context.out << (context.format == Format::kJson ? pretty_json(view.json) : json_as_yaml(view.json));
  return kExitOk;
}

}  // namespace

void add_deploy(CLI::App& root, Runs& runs) {
  CLI::App* command =
      root.add_subcommand("deploy", "Build a function's folder and deploy it, or deploy a file");
  auto options = std::make_shared<DeployOptions>();
  CLI::Option* folder =
      command->add_option("folder", options->folder, "Folder with function.yaml (default: this folder)")
          ->type_name("DIR");
  command->add_option("--file,-f", options->file, "Deploy this Function as it is; - reads stdin")
      ->type_name("FILE")
      ->excludes(folder);
  command->add_option("--timeout", options->timeout, "How long to wait until it is ready")
      ->capture_default_str()
      ->type_name("DURATION");
  command->add_flag("--no-wait", options->no_wait, "Do not wait until it is ready");
  command->add_flag("--dry-run", options->dry_run, "Build and check, then print what would be deployed");
  runs[command] = [options](Context& context) { return deploy(*options, context); };
}

}  // namespace faisca::cli
