// Reference model: RFC 9669 as a plain interpreter, one instruction a step. What the RTL is compared with,
// and what runs a program when there is no device. It checks everything at run time and so may run programs
// that were not verified: any program ends with a result or a fault, within its budget.
//
// Rules beyond the RFC: all registers but the arguments start as 0; a local call keeps R6–R9 for the caller
// (the callee starts with the same values) and moves R10 up one frame of 512 bytes (8 frames); helpers leave
// R1–R5 as they are; memory accesses may be unaligned. Ownership: the Model keeps its own decoded copy of the
// program. Thread: one run at a time per Memory.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lib/bpf/fault.h"
#include "lib/bpf/helpers.h"
#include "lib/bpf/isa.h"
#include "lib/bpf/memory.h"
#include "lib/bpf/program.h"
#include "lib/bpf/retire.h"

namespace faisca::model {

struct RunSettings {
  std::array<std::uint64_t, 5> args{};  // R1 … R5
  std::uint64_t budget = bpf::DeviceLimits{}.budget;
  bpf::RetireTrace trace;  // called after each retired instruction; may be empty
};

struct Outcome {
  bpf::FaultCause fault = bpf::FaultCause::kNone;
  std::uint32_t fault_pc = 0;
  std::uint64_t fault_address = 0;  // of a failed access, else 0
  std::uint64_t r0 = 0;             // the result, if there is no fault
  std::uint64_t retired = 0;

  bool ok() const { return fault == bpf::FaultCause::kNone; }
};

class Model {
 public:
  explicit Model(const bpf::Program& program);

  // What helpers reach; all outlive the call.
  struct World {
    bpf::Memory& memory;
    bpf::MapSet& maps;
    bpf::Environment& environment;
  };
  Outcome run(World world, const RunSettings& settings) const;

 private:
  struct Step {
    bpf::Instruction instruction;
    const bpf::Encoding* encoding = nullptr;  // nullptr: executing it is a fault
    bpf::FaultCause fault = bpf::FaultCause::kIllegalInstruction;
  };
  friend class Execution;

  std::vector<std::uint64_t> slots_;
  std::vector<Step> steps_;
  std::uint32_t entry_;
};

}  // namespace faisca::model
