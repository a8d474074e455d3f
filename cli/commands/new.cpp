// `faisca new --lang c NAME`
#include <CLI/CLI.hpp>
#include <ostream>

#include "api/types/function/validate.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/function/template.h"

namespace faisca::cli {
namespace {

struct NewOptions {
  std::string name;
  std::string language;
  std::string folder;
};

}  // namespace

void add_new(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand("new", "Start a function from a template");
  auto options = std::make_shared<NewOptions>();
  std::string languages;
  for (const std::string& language : template_names())
    languages += (languages.empty() ? "" : ", ") + language;
  command->add_option("name", options->name, "Name of the function")->required()->type_name("NAME");
  command->add_option("--lang,-l", options->language, "Template: " + languages)
      ->required()
      ->type_name("LANGUAGE");
  command->add_option("--folder", options->folder, "Where to make it (default: ./NAME)")->type_name("DIR");
  runs[command] = [options](Context& context) -> Result<int> {
    FAISCA_CHECK_OK(api::validate_name(options->name, "NAME"));
    const std::filesystem::path folder = options->folder.empty() ? options->name : options->folder;
    FAISCA_CHECK_OK(write_template(options->language, options->name, folder));
    *context.err << "made " << folder.string() << " from the template " << options->language
                 << "\ntry: faisca deploy " << folder.string() << " && faisca invoke " << options->name
                 << " -d Ada\n";
    *context.out << folder.string() << "\n";
    return kExitOk;
  };
}

}  // namespace faisca::cli
