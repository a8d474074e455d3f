// Finds the file that a command's first word means. Thread: any.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace faisca::process {

// A word with a slash is the path itself, taken from `folder` when relative (`folder` may be empty: the
// working folder). Any other is first looked up in `folder`, then in the folders of `search_path` (the form
// of PATH). Returns a path to an executable file; kNotFound and kPermissionDenied say where it looked.
Result<std::string> find_executable(std::string_view word, std::string_view folder,
                                    std::string_view search_path);

}  // namespace faisca::process
