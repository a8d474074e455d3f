// `faisca build DIR`
#include <CLI/CLI.hpp>
#include <ostream>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/function/folder.h"

namespace faisca::cli {
namespace {

struct BuildOptions {
  std::string folder = ".";
  std::string output;
};

Result<int> build(const BuildOptions& options, Context& context) {
  const std::filesystem::path folder = options.folder;
  const std::filesystem::path output =
      options.output.empty() ? folder / kBuildFolder : std::filesystem::path(options.output);
  FAISCA_TRY(function, read_function_folder(folder));
  FAISCA_TRY(built, build_function(context, folder, output));
  // Packs and checks as deploy does, so that what is wrong shows here.
  FAISCA_CHECK_OK(package_function(std::move(function), built, output));
  *context.out << built.string() << "\n";
  return kExitOk;
}

}  // namespace

void add_build(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand("build", "Build a function's folder");
  auto options = std::make_shared<BuildOptions>();
  command->add_option("folder", options->folder, "Folder with function.yaml")
      ->capture_default_str()
      ->type_name("DIR");
  command->add_option("--output-folder", options->output, "Where to build (default: DIR/build)")
      ->type_name("DIR");
  runs[command] = [options](Context& context) { return build(*options, context); };
}

}  // namespace faisca::cli
