#include "cli/app.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "cli/exit_code.h"
#include "lib/base/nearest.h"

namespace faisca::cli {
namespace {

void add_global_options(CLI::App& app, Context& context) {
  app.add_option("--gateway,-g", context.gateway, "URL of the gateway [FAISCA_GATEWAY, OPENFAAS_URL]")
      ->type_name("URL")
      ->capture_default_str();
  const std::map<std::string, Format> formats{
      {"table", Format::kTable}, {"json", Format::kJson}, {"yaml", Format::kYaml}};
  app.add_option("--output,-o", context.format, "How to print: table, json or yaml")
      ->transform(CLI::CheckedTransformer(formats).description(""))
      ->type_name("FORMAT")
      ->default_str("table");
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

// A first word that is no command, with the nearest that is; empty when every word is one.
std::string unknown_command(const CLI::App& app, const std::vector<std::string>& arguments,
                            std::string& hint) {
  const CLI::App* at = &app;
  for (const std::string& word : arguments) {
    if (word.starts_with("-")) break;
    const std::vector<std::string> names = command_names(*at);
    if (names.empty()) break;
    if (std::find(names.begin(), names.end(), word) == names.end()) {
      hint = "did you mean \"" + nearest(word, names) + "\"? ";
      return word;
    }
    at = at->get_subcommand(word);
  }
  return "";
}

const CLI::App* chosen(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return at;
}

}  // namespace

std::string command_path(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent ? command_path(*parent) + " " + command.get_name() : command.get_name();
}

std::string help_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return command.help(parent ? command_path(*parent) : "", CLI::AppFormatMode::Normal);
}

std::unique_ptr<CLI::App> make_app(Context& context, Runs& runs) {
  auto app = std::make_unique<CLI::App>("Runs functions: on this machine, and on eBPF hardware.", "faisca");
  app->require_subcommand(1);
  app->fallthrough();
  app->get_formatter()->column_width(34);
  add_global_options(*app, context);
  add_up(*app, runs);
  add_new(*app, runs);
  add_build(*app, runs);
  add_deploy(*app, runs);
  add_invoke(*app, runs);
  add_list(*app, runs);
  add_describe(*app, runs);
  add_logs(*app, runs);
  add_scale(*app, runs);
  add_remove(*app, runs);
  add_bpf(*app, runs);
  add_sim(*app, runs);
  add_completion(*app, runs);
  add_version(*app, runs);
  app->footer(kExitCodeHelp);  // last: commands would inherit it
  return app;
}

int run_app(const std::vector<std::string>& arguments, Context& context) {
  Runs runs;
  const std::unique_ptr<CLI::App> app = make_app(context, runs);
  if (!arguments.empty() && arguments.front() == "help") {
    std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
    rest.push_back("--help");
    return run_app(rest, context);
  }
  if (arguments.empty()) {
    *context.err << app->help();
    return kExitUsage;
  }
  try {
    app->parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    *context.out << help_of(*chosen(*app));
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    std::string hint;
    const std::string unknown = unknown_command(*app, arguments, hint);
    *context.err << "error: "
                 << (unknown.empty() ? std::string(error.what()) : "there is no command \"" + unknown + "\"")
                 << "\nhint: " << hint << command_path(*chosen(*app)) << " --help\n";
    return kExitUsage;
  }
  while (context.gateway.ends_with('/')) context.gateway.pop_back();
  const Result<int> done = runs.at(chosen(*app))(context);
  context.out->flush();
  if (!done) {
    print_error(*context.err, done.error());
    return exit_code(done.error().code);
  }
  return *done;
}

void print_error(std::ostream& err, const Error& error) {
  err << "error: " << error.message;
  if (!error.context.empty()) {
    err << " (";
    for (size_t i = 0; i < error.context.size(); ++i) err << (i ? ", " : "") << error.context[i];
    err << ")";
  }
  err << "\n";
  if (!error.hint.empty()) err << "hint: " << error.hint << "\n";
}

}  // namespace faisca::cli
