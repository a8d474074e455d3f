// The exit codes of `faisca`. Scripts rely on them: docs/reference/cli.md.
#pragma once

#include "lib/base/error.h"

namespace faisca::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;    // tried, and it did not work
inline constexpr int kExitUsage = 2;     // the command line makes no sense
inline constexpr int kExitNotFound = 3;  // no such function, file or program
inline constexpr int kExitUnavailable =
    4;                                  // gateway or function cannot be reached, or did not answer in time
inline constexpr int kExitRefused = 5;  // the input is wrong: function, object, archive

int exit_code(Code code);

// The section of `--help` that explains them.
extern const char kExitCodeHelp[];

}  // namespace faisca::cli
