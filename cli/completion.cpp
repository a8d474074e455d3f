#include "cli/completion.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cli/function/template.h"

namespace faisca::cli {
namespace {

using Argument = CommandDescription::Argument;

Argument argument_of(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    const std::string type = option->get_type_name();
    // `new NAME` names what is not there yet.
    if (type == "NAME") return app.get_name() == "new" ? Argument::kNone : Argument::kFunction;
    if (type == "DIR" || type == "FILE") return Argument::kFile;
  }
  return Argument::kNone;
}

void describe(const CLI::App& app, const std::string& path, std::vector<CommandDescription>& out) {
  CommandDescription description{
      .path = path, .description = app.get_description(), .argument = argument_of(app)};
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames())
      description.options.emplace_back("--" + name, option->get_description());
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* command : commands)
    description.commands.emplace_back(command->get_name(), command->get_description());
  if (app.get_name() == "completion") description.words = {"bash", "zsh", "fish"};
  out.push_back(description);
  for (const CLI::App* command : commands)
    describe(*command, path.empty() ? command->get_name() : path + " " + command->get_name(), out);
}

std::string joined(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string out;
  for (const auto& [name, description] : pairs) out += (out.empty() ? "" : " ") + name;
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

// In single quotes for a shell.
std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

const CommandDescription& root_of(const std::vector<CommandDescription>& commands) {
  return commands.front();
}

// zsh runs the same function through its bash emulation.
std::string bash_script(const std::vector<CommandDescription>& commands) {
  std::ostringstream out;
  out << "# Completion of faisca for bash. Load it: source <(faisca completion bash)\n"
         "_faisca_functions() { faisca list -o json 2>/dev/null | sed -n 's/^    \"name\": "
         "\"\\(.*\\)\".*/\\1/p'; }\n"
         "_faisca() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path= word i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    word=${COMP_WORDS[i]}\n"
         "    case \"$path/$word\" in\n";
  for (const CommandDescription& command : commands) {
    if (command.path.empty()) continue;
    const size_t space = command.path.rfind(' ');
    const std::string parent = space == std::string::npos ? "" : command.path.substr(0, space);
    const std::string name = space == std::string::npos ? command.path : command.path.substr(space + 1);
    out << "      " << shell_quoted(parent + "/" + name) << ") path=" << shell_quoted(command.path)
        << " ;;\n";
  }
  out << "    esac\n  done\n"
         "  case $previous in\n"
         "    -o | --output) COMPREPLY=($(compgen -W 'table json yaml' -- \"$current\")); return ;;\n"
         "    -l | --lang) COMPREPLY=($(compgen -W "
      << shell_quoted(joined(template_names()))
      << " -- \"$current\")); return ;;\n"
         "    -f | --file | --home | --samples | --folder | --output-folder) COMPREPLY=($(compgen -f -- "
         "\"$current\")); return ;;\n"
         "  esac\n"
         "  case $path in\n";
  const std::string& global = joined(root_of(commands).options);
  for (const CommandDescription& command : commands) {
    out << "    " << shell_quoted(command.path)
        << ")\n      if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "
        << shell_quoted(joined(command.options) + (command.path.empty() ? "" : " " + global))
        << " -- \"$current\"))\n";
    const std::string words = command.commands.empty() ? joined(command.words) : joined(command.commands);
    if (!words.empty())
      out << "      else COMPREPLY=($(compgen -W " << shell_quoted(words) << " -- \"$current\"))\n";
    else if (command.argument == Argument::kFunction)
      out << "      else COMPREPLY=($(compgen -W \"$(_faisca_functions)\" -- \"$current\"))\n";
    else if (command.argument == Argument::kFile)
      out << "      else COMPREPLY=($(compgen -f -- \"$current\"))\n";
    out << "      fi ;;\n";
  }
  out << "  esac\n}\ncomplete -F _faisca faisca\n";
  return out.str();
}

std::string zsh_script(const std::vector<CommandDescription>& commands) {
  return "# Completion of faisca for zsh. Load it: source <(faisca completion zsh)\n"
         "autoload -U +X compinit && compinit\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         bash_script(commands);
}

std::string fish_script(const std::vector<CommandDescription>& commands) {
  std::ostringstream out;
  out << "# Completion of faisca for fish. Load it: faisca completion fish | source\n"
         "complete -c faisca -f\n"
         "function __faisca_functions; faisca list -o json 2>/dev/null | string replace -rf '^    \"name\": "
         "\"(.*)\".*' '$1'; end\n";
  for (const CommandDescription& command : commands) {
    // Which words must have come before.
    std::string seen = command.path.empty() ? "__fish_use_subcommand" : "";
    std::istringstream words(command.path);
    for (std::string word; words >> word;)
      seen += (seen.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + word);
    const std::string condition = " -n " + shell_quoted(seen);
    for (const auto& [name, description] : command.commands) {
      std::string first_time = seen;
      if (!command.path.empty())
        first_time += "; and not __fish_seen_subcommand_from " + joined(command.commands);
      out << "complete -c faisca -n " << shell_quoted(first_time) << " -a " << name << " -d "
          << shell_quoted(description) << "\n";
    }
    for (const auto& [name, description] : command.options)
      out << "complete -c faisca" << (command.path.empty() ? "" : condition) << " -l " << name.substr(2)
          << " -d " << shell_quoted(description) << "\n";
    if (!command.words.empty())
      out << "complete -c faisca" << condition << " -a " << shell_quoted(joined(command.words)) << "\n";
    if (command.argument == Argument::kFunction)
      out << "complete -c faisca" << condition << " -a '(__faisca_functions)'\n";
    if (command.argument == Argument::kFile) out << "complete -c faisca" << condition << " -F\n";
  }
  out << "complete -c faisca -l output -x -a 'table json yaml'\n"
      << "complete -c faisca -n '__fish_seen_subcommand_from new' -l lang -x -a "
      << shell_quoted(joined(template_names())) << "\n";
  return out.str();
}

}  // namespace

std::vector<CommandDescription> describe_commands(const CLI::App& root) {
  std::vector<CommandDescription> out;
  describe(root, "", out);
  return out;
}

std::string completion_script(const std::string& shell, const std::vector<CommandDescription>& commands) {
  if (shell == "fish") return fish_script(commands);
  return shell == "zsh" ? zsh_script(commands) : bash_script(commands);
}

}  // namespace faisca::cli
