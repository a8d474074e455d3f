#include "lib/bpf/fault.h"

namespace faisca::bpf {

std::string_view fault_name(FaultCause cause) {
  switch (cause) {
    case FaultCause::kNone:
      return "none";
    case FaultCause::kIllegalInstruction:
      return "illegal instruction";
    case FaultCause::kFramePointerWrite:
      return "write to r10";
    case FaultCause::kOutOfBounds:
      return "memory access out of bounds";
    case FaultCause::kReadOnly:
      return "store into read-only memory";
    case FaultCause::kCallDepth:
      return "more than 8 call frames";
    case FaultCause::kBudget:
      return "instruction budget used up";
    case FaultCause::kPcRange:
      return "execution left the program";
    case FaultCause::kBadHelper:
      return "unknown helper or map handle";
  }
  return "unknown fault";
}

}  // namespace faisca::bpf
