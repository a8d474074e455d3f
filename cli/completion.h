// Completion scripts, made from the parser's own declarations so that they never miss an option. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace faisca::cli {

struct CommandDescription {
  std::string path;  // "" for faisca itself, "bpf check" for a command of a command
  std::string description;
  std::vector<std::pair<std::string, std::string>> commands;  // name, description
  std::vector<std::pair<std::string, std::string>> options;   // "--output", description
  std::vector<std::string> words;                             // fixed values of its argument: bash, zsh, fish
  enum class Argument { kNone, kFunction, kFile } argument = Argument::kNone;
};

std::vector<CommandDescription> describe_commands(const CLI::App& root);

// `shell` is bash, zsh or fish.
std::string completion_script(const std::string& shell, const std::vector<CommandDescription>& commands);

}  // namespace faisca::cli
