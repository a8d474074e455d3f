// What an offloaded program needs of a device. Pure.
#pragma once

#include <cstdint>

#include "api/types/function/function.h"
#include "lib/base/result.h"

namespace faisca::offload {

struct Needs {
  std::int64_t instructions = 0;  // 64-bit slots
  std::int64_t data_bytes = 0;    // globals and maps
};

// Loads, links and verifies the object, as the agent will: kInvalidArgument, kUnimplemented and kOutOfRange
// say which instruction or section is wrong, and why.
Result<Needs> needs_of(const api::Offload& offload);

}  // namespace faisca::offload
