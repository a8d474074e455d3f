// Fills in what a user may leave out and a platform needs: namespace, interpreter of a source. Pure,
// idempotent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/types/function/function.h"

namespace faisca::api {

// On Kubernetes the interpreter is the Runtime's to say.
Function with_defaults(Function function, Platform platform = Platform::kEmbedded);

// The file that inline code of `runtime` is written to ("handler.py") and the command that runs it
// ("python3", "handler.py"). Empty for a runtime without an interpreter.
struct Interpreter {
  std::string_view runtime;
  std::string_view file;
  std::vector<std::string> command;
};
// The interpreter of `runtime`, or null.
const Interpreter* interpreter_of(std::string_view runtime);

}  // namespace faisca::api
