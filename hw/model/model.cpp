#include "hw/model/model.h"

#include "hw/model/execution.h"

namespace faisca::model {
namespace {

// Whether the only thing wrong is that R10 would be written: by dst, or by src of a fetching atomic.
bool only_writes_frame_pointer(bpf::Instruction instruction) {
  const bool stores = bpf::class_of(instruction.opcode) == bpf::Class::kStx;
  std::uint8_t& destination = stores ? instruction.src : instruction.dst;
  if (destination != bpf::kFramePointer) return false;
  destination = 0;
  return bpf::find_encoding(instruction) != nullptr;
}

}  // namespace

Model::Model(const bpf::Program& program)
    : slots_(program.slots), steps_(slots_.size()), entry_(program.entry) {
  for (std::size_t pc = 0; pc < slots_.size(); ++pc) {
    Step& step = steps_[pc];
    step.instruction = bpf::decode(slots_[pc]);
    step.encoding = bpf::find_encoding(step.instruction);
    if (step.encoding == nullptr && only_writes_frame_pointer(step.instruction))
      step.fault = bpf::FaultCause::kFramePointerWrite;
    const bool first_half = step.instruction.opcode == bpf::kOpLoad64 &&
                            (step.encoding != nullptr || step.fault == bpf::FaultCause::kFramePointerWrite);
    if (!first_half) continue;
    // RFC 9669 §5.4: of the second slot only the immediate is used.
    if (pc + 1 >= slots_.size()) {
      step.encoding = nullptr;
      step.fault = bpf::FaultCause::kPcRange;
    } else if ((slots_[pc + 1] & 0xffff'ffff) != 0) {
      step.encoding = nullptr;
      step.fault = bpf::FaultCause::kIllegalInstruction;
    }
  }
}

Outcome Model::run(World world, const RunSettings& settings) const {
  return Execution(*this, world, settings).run();
}

}  // namespace faisca::model
