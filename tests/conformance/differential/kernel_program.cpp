// Programs for the kernel's verifier: see random_kernel_program in random_program.h.
#include "lib/bpf/isa.h"
#include "tests/conformance/differential/code_writer.h"
#include "tests/conformance/differential/random_program.h"

namespace faisca::conformance {
namespace {

constexpr std::uint8_t kStackSlots = 6;
constexpr std::uint32_t kPacketBytes =
    8 * (10 + kStackSlots);   // first values of R0-R9 and of the stack slots
constexpr int kMaxJumps = 8;  // each doubles the paths that the verifier follows

constexpr std::int16_t stack_offset(std::uint64_t slot) {
  return static_cast<std::int16_t>(-8 * (1 + static_cast<std::int64_t>(slot)));
}

class KernelProgram {
 public:
  explicit KernelProgram(std::uint64_t seed) : random_(seed), writer_(random_, Dialect::kKernel) {
    writer_.registers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  }

  RandomProgram make() {
    for (std::uint32_t i = 0; i < kPacketBytes; i += 8) {
      std::uint64_t value = random_.value();
      for (int b = 0; b < 8; ++b) result_.memory.push_back(static_cast<std::uint8_t>(value >> (8 * b)));
    }
    load_values();
    for (std::uint64_t i = 20 + random_.below(60); i > 0; --i) any_instruction();
    hash_everything();
    writer_.exit();
    add_functions();
    auto& program = result_.program;
    program.name = "random";
    program.convention = bpf::Convention::kXdp;
    program.slots = std::move(writer_.slots);
    program.functions = {{program.name, 0, static_cast<std::uint32_t>(program.slots.size())}};
    return std::move(result_);
  }

 private:
  // All registers and stack slots from the packet, so that the verifier knows nothing of their values.
  void load_values() {
    writer_.emit({.opcode = 0x61, .dst = 2, .src = 1, .offset = 0});  // data
    writer_.emit({.opcode = 0x61, .dst = 3, .src = 1, .offset = 4});  // data_end
    writer_.move(4, 2);
    writer_.add_imm(4, static_cast<std::int32_t>(kPacketBytes));
    writer_.move_imm(0, 0);
    writer_.emit(
        {.opcode = 0xbd, .dst = 4, .src = 3, .offset = 1});  // the bounds check that the kernel insists on
    writer_.exit();
    for (std::uint8_t slot = 0; slot < kStackSlots; ++slot) {
      load_value(0, 10 + slot);
      writer_.emit({.opcode = 0x7b, .dst = 10, .src = 0, .offset = stack_offset(slot)});
    }
    for (std::uint8_t reg : {0, 1, 3, 4, 5, 6, 7, 8, 9, 2}) load_value(reg, reg);
  }

  void load_value(std::uint8_t reg, int index) {
    writer_.emit({.opcode = 0x79, .dst = reg, .src = 2, .offset = static_cast<std::int16_t>(8 * index)});
  }

  void any_instruction() {
    std::uint64_t kind = random_.below(100);
    auto where = stack_offset(random_.below(kStackSlots));
    if (kind < 58)
      writer_.arithmetic();
    else if (kind < 64)
      writer_.load_constant();
    else if (kind < 74)
      jump_over();
    else if (kind < 76)
      local_call();
    else if (kind < 84)
      writer_.load(10, where);
    else if (kind < 92)
      writer_.store(10, where);
    else
      writer_.atomic(10, where);
  }

  void jump_over() {
    if (++jumps_ > kMaxJumps) return writer_.arithmetic();
    CodeWriter skipped(random_, Dialect::kKernel);
    skipped.registers = writer_.registers;
    for (std::uint64_t n = random_.below(4); n > 0; --n) skipped.arithmetic();
    writer_.conditional_jump(static_cast<std::int16_t>(skipped.slots.size()));
    writer_.slots.insert(writer_.slots.end(), skipped.slots.begin(), skipped.slots.end());
  }

  // A call leaves R1-R5 unreadable for the kernel: give them values again.
  void local_call() {
    calls_.push_back(writer_.here());
    writer_.emit({.opcode = bpf::kOpCall, .src = bpf::kCallLocal, .imm = -1});
    for (std::uint8_t reg = 1; reg <= 5; ++reg)
      writer_.move(reg, static_cast<std::uint8_t>(reg == 5 ? 0 : 5 + reg));
  }

  // R0-R5 and the stack of their own frame; R6-R9 are written, to see that the caller keeps its own.
  void add_functions() {
    for (std::uint32_t slot : calls_) {
      bpf::Instruction call = bpf::decode(writer_.slots[slot]);
      call.imm = static_cast<std::int32_t>(writer_.here() - slot - 1);
      writer_.slots[slot] = bpf::encode(call);
      writer_.move(0, 1);
      for (std::uint8_t reg = 6; reg <= 9; ++reg) writer_.move(reg, static_cast<std::uint8_t>(reg - 4));
      writer_.emit({.opcode = 0x7b, .dst = 10, .src = 2, .offset = -8});
      for (std::uint64_t n = 3 + random_.below(8); n > 0; --n) writer_.arithmetic();
      writer_.atomic(10, -8);
      writer_.exit();
    }
  }

  // R0 = R0 * prime + R`reg`, folded: keeps every difference of the values that came before. R1 is scratch.
  void mix(std::uint8_t reg) {
    writer_.emit({.opcode = 0x27, .dst = 0, .imm = 0x01000193});
    writer_.emit({.opcode = 0x0f, .dst = 0, .src = reg});
    writer_.move(1, 0);
    writer_.emit({.opcode = 0x77, .dst = 1, .imm = 29});
    writer_.emit({.opcode = 0xaf, .dst = 0, .src = 1});
  }

  void hash_everything() {
    for (std::uint8_t reg : {1, 2, 3, 4, 5, 6, 7, 8, 9}) mix(reg);
    for (std::uint8_t slot = 0; slot < kStackSlots; ++slot) {
      writer_.emit({.opcode = 0x79, .dst = 2, .src = 10, .offset = stack_offset(slot)});
      mix(2);
    }
  }

  Random random_;
  CodeWriter writer_;
  RandomProgram result_;
  std::vector<std::uint32_t> calls_;  // slots of local calls, in order of their functions
  int jumps_ = 0;
};

}  // namespace

RandomProgram random_kernel_program(std::uint64_t seed) { return KernelProgram(seed).make(); }

}  // namespace faisca::conformance
