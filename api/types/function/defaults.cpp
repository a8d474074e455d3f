#include "api/types/function/defaults.h"

#include <array>

namespace faisca::api {

const Interpreter* interpreter_of(std::string_view runtime) {
  static const std::array<Interpreter, 3> kInterpreters = {
      {{"python3", "handler.py", {"python3", "handler.py"}},
       {"bash", "handler.sh", {"bash", "handler.sh"}},
       {"node", "handler.js", {"node", "handler.js"}}}};
  for (const Interpreter& interpreter : kInterpreters)
    if (interpreter.runtime == runtime) return &interpreter;
  return nullptr;
}

Function with_defaults(Function function, Platform platform) {
  if (function.metadata.name_space.empty()) function.metadata.name_space = kDefaultNamespace;
  FunctionSpec& spec = function.spec;
  if (platform == Platform::kEmbedded && spec.source && spec.handler.command.empty())
    if (const Interpreter* interpreter = interpreter_of(spec.source->runtime))
      spec.handler.command = interpreter->command;
  return function;
}

}  // namespace faisca::api
