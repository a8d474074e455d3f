// The samples that a new home gets: every folder of a directory that holds a function.yaml.
#pragma once

#include <filesystem>
#include <vector>

#include "api/types/function/function.h"
#include "cli/context.h"
#include "cli/platform/home.h"

namespace faisca::cli {

// Were they deployed to this home before?
bool samples_deployed(const Home& home);
Status mark_samples_deployed(const Home& home);

// Builds them below the home, in the order of their names. Starts processes: call before the supervisor
// adopts orphans.
Result<std::vector<api::Function>> prepare_samples(const Context& context,
                                                   const std::filesystem::path& folder, const Home& home);

}  // namespace faisca::cli
