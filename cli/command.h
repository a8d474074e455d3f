// How a command joins the command line: each file of commands/ declares its options on a CLI11 subcommand and
// says what to run. `cli/app.cpp` lists them all.
#pragma once

#include <functional>
#include <map>

#include "cli/context.h"
#include "lib/base/result.h"

namespace CLI {
class App;
}

namespace faisca::cli {

// Returns the exit code; an Error is printed by main, which derives the exit code from it.
using Run = std::function<Result<int>(Context&)>;
using Runs = std::map<const CLI::App*, Run>;

void add_up(CLI::App& root, Runs& runs);
void add_new(CLI::App& root, Runs& runs);
void add_build(CLI::App& root, Runs& runs);
void add_deploy(CLI::App& root, Runs& runs);
void add_invoke(CLI::App& root, Runs& runs);
void add_list(CLI::App& root, Runs& runs);
void add_describe(CLI::App& root, Runs& runs);
void add_logs(CLI::App& root, Runs& runs);
void add_scale(CLI::App& root, Runs& runs);
void add_remove(CLI::App& root, Runs& runs);
void add_bpf(CLI::App& root, Runs& runs);
void add_sim(CLI::App& root, Runs& runs);
void add_completion(CLI::App& root, Runs& runs);
void add_version(CLI::App& root, Runs& runs);

}  // namespace faisca::cli
