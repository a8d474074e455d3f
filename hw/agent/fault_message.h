// A run that the hardware or a helper ended, in words: which instruction, what it says, why it failed, what
// to do. Pure functions.
#pragma once

#include <cstdint>

#include "hw/agent/device/device.h"
#include "lib/base/error.h"
#include "lib/bpf/helpers.h"
#include "lib/bpf/program.h"

namespace faisca::agent {

// kDeadlineExceeded for the instruction budget, kInternal for all else.
Error fault_error(const bpf::Program& program, const device::RunState& state, std::uint32_t budget);

// The helper call at `pc` faulted (helpers.h); kInternal.
Error helper_error(const bpf::Program& program, std::uint32_t pc, const bpf::HelperCall& call,
                   bpf::FaultCause cause);

}  // namespace faisca::agent
