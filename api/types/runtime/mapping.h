// The one list of a Runtime's fields (see function/mapping.h for what an Io is). Internal to api/types.
#pragma once

#include "api/types/function/mapping.h"
#include "api/types/runtime/runtime.h"

namespace faisca::api::internal {

inline constexpr auto kRuntimeSpecFields = [](auto& io, RuntimeSpec& v) {
  io.text("image", v.image, "Container image whose entry point is the watchdog",
          {.required = true, .min_length = 1, .max_length = 512});
  io.text("file", v.file, "Name of the file that a function's inline code becomes",
          {.required = true, .min_length = 1, .max_length = 253, .pattern = "^[-._a-zA-Z0-9]+$"});
  io.text_list("command", v.command,
               "Runs that file in the function's folder, unless the function says handler.command",
               {.required = true, .max_length = 4096, .max_items = 64});
  io.list("env", v.env, kEnvFields,
          "Environment of every function of this runtime; a function's own is stronger",
          {.max_items = 64, .key = "name"});
};

}  // namespace faisca::api::internal
