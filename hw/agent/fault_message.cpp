#include "hw/agent/fault_message.h"

#include <cinttypes>
#include <cstdio>
#include <string>

#include "lib/bpf/disassembler.h"
#include "lib/bpf/layout.h"

namespace faisca::agent {
namespace {

std::string hex(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%" PRIx64, value);
  return text;
}

// "instruction 7 (r0 = *(u32 *)(r1 +4)) of checksum"
std::string place(const bpf::Program& program, std::uint32_t pc) {
  std::string text = "instruction " + std::to_string(pc);
  if (pc < program.slots.size()) {
    const std::uint64_t next = pc + 1 < program.slots.size() ? program.slots[pc + 1] : 0;
    text += " (" + bpf::disassemble(program.slots[pc], next) + ")";
  }
  for (const bpf::Function& function : program.functions)
    if (pc >= function.first && pc < function.first + function.slots) text += " of " + function.name;
  return text;
}

std::string region(std::uint64_t address) {
  switch (address >> 28) {
    case bpf::kMemoryBase >> 28:
      return "memory";
    case bpf::kStackBase >> 28:
      return "stack";
    case bpf::kDataBase >> 28:
      return "data";
    case bpf::kContextBase >> 28:
      return "context";
    default:
      return "";
  }
}

std::string bounds_text(std::uint64_t address) {
  const std::string name = region(address);
  if (name.empty()) return "address " + hex(address) + " belongs to no region";
  return "offset " + std::to_string(static_cast<std::int64_t>(address & 0xfff'ffff)) + " is outside the " +
         name + " (address " + hex(address) + ")";
}

struct Reason {
  std::string text;
  std::string hint;
};

Reason reason_of(const device::RunState& state) {
  switch (state.fault) {
    case device::FaultCause::kOutOfBounds:
      return {"memory access out of bounds: " + bounds_text(state.fault_address),
              "compare the pointer with the end of the memory before the access"};
    case device::FaultCause::kReadOnly:
      return {"store to the read-only context (address " + hex(state.fault_address) + ")",
              "change the packet, not struct xdp_md"};
    case device::FaultCause::kIllegalInstruction:
      return {"illegal instruction", "compile with `clang -target bpf`, at most -mcpu=v4"};
    case device::FaultCause::kFramePointerWrite:
      return {"write to the frame pointer R10", ""};
    case device::FaultCause::kCallDepth:
      return {"more than " + std::to_string(bpf::kMaxFrames) + " nested calls",
              "inline functions, or call less deep"};
    case device::FaultCause::kPcRange:
      return {"execution left the program", ""};
    case device::FaultCause::kBudget:
    case device::FaultCause::kNone:
      break;
  }
  return {"cause " + std::to_string(static_cast<unsigned>(state.fault)), ""};
}

}  // namespace

Error fault_error(const bpf::Program& program, const device::RunState& state, std::uint32_t budget) {
  if (state.fault == device::FaultCause::kBudget)
    return {Code::kDeadlineExceeded,
            "the instruction budget of " + std::to_string(budget) + " is used up at " +
                place(program, state.fault_pc),
            "bound the loop, or raise spec.offload.budget",
            {}};
  Reason reason = reason_of(state);
  return {Code::kInternal,
          "the program faulted at " + place(program, state.fault_pc) + ": " + reason.text,
          std::move(reason.hint),
          {}};
}

Error helper_error(const bpf::Program& program, std::uint32_t pc, const bpf::HelperCall& call,
                   bpf::FaultCause cause) {
  const bpf::HelperInfo* helper = bpf::find_helper(call.id);
  std::string text = "the program faulted at " + place(program, pc) + ": " +
                     std::string(bpf::fault_name(cause)) + " in helper " +
                     (helper ? std::string(helper->name) : std::to_string(call.id)) + " with";
  for (std::size_t i = 0; i < call.args.size(); ++i)
    text += " R" + std::to_string(i + 1) + "=" + hex(call.args[i]);
  return {Code::kInternal, std::move(text), "check the pointers and the map that the helper is given", {}};
}

}  // namespace faisca::agent
