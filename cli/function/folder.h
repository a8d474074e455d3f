// A function on disk: function.yaml, sources, a build recipe; and how it becomes what the gateway deploys.
//
//   DIR/function.yaml          the Function; `deploy` adds archive or object to it
//   DIR/build.sh or Makefile   fills $OUT; without one the folder itself is deployed
//   OUTPUT/package/…           what the recipe made
//   OUTPUT/NAME.tar            the same, packed
#pragma once

#include <filesystem>
#include <string>

#include "api/types/function/function.h"
#include "cli/context.h"
#include "lib/base/result.h"

namespace faisca::cli {

inline constexpr char kFunctionFile[] = "function.yaml";
inline constexpr char kBuildFolder[] = "build";  // default OUTPUT, below DIR

// function.yaml, checked for shape. kNotFound says what the folder lacks.
Result<api::Function> read_function_folder(const std::filesystem::path& folder);

// Runs the recipe. Returns the folder with what it made.
Result<std::filesystem::path> build_function(const Context& context, const std::filesystem::path& folder,
                                             const std::filesystem::path& output);

// The function with its code: a `file://` archive of `built`, or the one eBPF object in it. Checked by
// `validate`.
Result<api::Function> package_function(api::Function function, const std::filesystem::path& built,
                                       const std::filesystem::path& output);

// All three: what `faisca deploy DIR` sends.
Result<api::Function> prepare_function(const Context& context, const std::filesystem::path& folder,
                                       const std::filesystem::path& output);

}  // namespace faisca::cli
