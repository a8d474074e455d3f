// Is an offloaded function's object one that a device will take? Pure.
#pragma once

#include "api/types/function/function.h"
#include "lib/base/result.h"

namespace faisca::cluster {

// Loads, links and verifies as the agent will. Errors are those of lib/bpf: they name section, instruction
// and reason.
Status check_offload(const api::Offload& offload);

}  // namespace faisca::cluster
