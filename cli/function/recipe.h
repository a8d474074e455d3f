// Runs a function's build recipe: `build.sh` or a Makefile in the function's folder, with $OUT naming the
// folder to fill. Thread: blocks until the recipe has ended.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace faisca::cli {

struct Recipe {
  std::filesystem::path folder;  // the function's
  std::filesystem::path output;  // emptied first
  std::filesystem::path log;     // gets what the recipe prints
  std::vector<std::string> environment;
};

// Does the folder have a recipe at all?
bool has_recipe(const std::filesystem::path& folder);

// kFailedPrecondition when the recipe fails, with the end of what it printed.
Status run_recipe(const Recipe& recipe);

}  // namespace faisca::cli
