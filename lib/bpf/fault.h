// Why a run ended without an answer. 0–7 are the device's own numbers (register FAULT_CAUSE,
// hw/regs/faisca.json), so that a fault of the model is compared with the RTL's like any other result. A
// faulting instruction does not retire: no register and no byte changes. Where several apply: kBudget,
// kPcRange, kIllegalInstruction, kFramePointerWrite, then the others. Thread: plain values.
#pragma once

#include <cstdint>
#include <string_view>

namespace faisca::bpf {

enum class FaultCause : std::uint8_t {
  kNone = 0,
  kIllegalInstruction = 1,  // an encoding that RFC 9669 does not define, or that the device does not have
  kFramePointerWrite = 2,   // R10 as destination
  kOutOfBounds = 3,  // load, store or atomic with a byte outside every region, or an address above 32 bits
  kReadOnly = 4,     // store or atomic into the context region
  kCallDepth = 5,    // a ninth frame
  kBudget = 6,       // the instruction budget of the run is used up
  kPcRange = 7,      // execution left the program
  kBadHelper = 16,   // said by the host: unknown helper id, or a map handle that names no map
};

// For example "memory access out of bounds"; never empty.
std::string_view fault_name(FaultCause cause);

}  // namespace faisca::bpf
