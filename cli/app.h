// The whole command line of `faisca`: parse, run, print what went wrong.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"

namespace faisca::cli {

// The parser with all commands; `runs` gets what each one does. `context` gets the global options and must
// outlive the parser.
std::unique_ptr<CLI::App> make_app(Context& context, Runs& runs);

// "faisca bpf check", and the text of its --help.
std::string command_path(const CLI::App& command);
std::string help_of(const CLI::App& command);

// One run of `faisca ARGUMENTS` (without the program's own name). Returns the exit code.
int run_app(const std::vector<std::string>& arguments, Context& context);

// "error: …" and "hint: …" on separate lines.
void print_error(std::ostream& err, const Error& error);

}  // namespace faisca::cli
