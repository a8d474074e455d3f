// Programs for the device alone: see random_device_program in random_program.h.
#include "tests/conformance/differential/random_program.h"

#include <algorithm>

#include "lib/bpf/layout.h"
#include "tests/conformance/differential/code_writer.h"

namespace faisca::conformance {
namespace {

constexpr std::uint8_t kMemoryPointer = 8, kDataPointer = 9, kLoopCounter = 7;
constexpr std::uint32_t kDataBytes = 64;

// A device program: registers from constants, then blocks of random instructions.
class DeviceProgram {
 public:
  explicit DeviceProgram(std::uint64_t seed) : random_(seed), writer_(random_, Dialect::kDevice) {}

  RandomProgram make() {
    result_.memory.resize(16 + random_.below(240));
    for (auto& byte : result_.memory) byte = static_cast<std::uint8_t>(random_.bits());
    start();
    std::uint64_t blocks = 4 + random_.below(8);
    for (std::uint64_t block = 0; block < blocks; ++block) add_block();
    writer_.move(0, random_.pick(writer_.registers));
    writer_.exit();
    add_functions();
    finish();
    return std::move(result_);
  }

 private:
  void start() {
    auto& program = result_.program;
    program.name = "random";
    for (std::uint32_t i = 0; i < kDataBytes; ++i)
      program.data.push_back(static_cast<std::uint8_t>(random_.bits()));
    program.maps = {
        {.name = "array", .type = bpf::MapType::kArray, .key_size = 4, .value_size = 16, .max_entries = 4},
        {.name = "hash", .type = bpf::MapType::kHash, .key_size = 8, .value_size = 8, .max_entries = 4}};
    (void)bpf::assign_maps(program, bpf::DeviceLimits{}.data_bytes);
    writer_.move(kMemoryPointer, 1);
    writer_.emit_constant(kDataPointer, bpf::kDataBase);
    for (std::uint8_t reg : writer_.registers)
      if (random_.chance(80)) writer_.emit_constant(reg, random_.value());
  }

  void add_block() {
    switch (random_.below(10)) {
      case 0:
        loop();
        break;
      case 1:
        map_lookup();
        break;
      case 2:
        map_update();
        break;
      case 3:
        local_call();
        break;
      case 4:
        writer_.call_helper(random_.pick<std::int32_t>({5, 7, 8}));
        break;
      default:
        straight(6 + random_.below(30));
        break;
    }
  }

  void straight(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) any_instruction();
  }

  void any_instruction() {
    std::uint64_t kind = random_.below(100);
    if (kind < 45)
      writer_.arithmetic();
    else if (kind < 50)
      writer_.load_constant();
    else if (kind < 65)
      jump_over();
    else if (kind < 80)
      access(&CodeWriter::load);
    else if (kind < 92)
      access(&CodeWriter::store);
    else
      access(&CodeWriter::atomic);
  }

  void access(void (CodeWriter::*what)(std::uint8_t, std::int16_t)) {
    std::uint64_t where = random_.below(200);
    // Rarely anywhere: most likely the run ends with a fault, which must be the same one.
    if (where == 0)
      (writer_.*what)(random_.pick(writer_.registers), static_cast<std::int16_t>(random_.bits()));
    else if (where < 90 || in_function_)
      (writer_.*what)(10, static_cast<std::int16_t>(-8 - static_cast<std::int64_t>(random_.below(505))));
    else if (where < 150)
      (writer_.*what)(kMemoryPointer, static_cast<std::int16_t>(random_.below(result_.memory.size() - 7)));
    else
      (writer_.*what)(kDataPointer, static_cast<std::int16_t>(random_.below(kDataBytes - 7)));
  }

  // A jump over a few instructions, conditional or not, sometimes in its long form.
  void jump_over() {
    CodeWriter skipped(random_, Dialect::kDevice);
    skipped.registers = writer_.registers;
    for (std::uint64_t i = random_.below(5); i > 0; --i) skipped.arithmetic();
    auto distance = static_cast<std::int16_t>(skipped.slots.size());
    std::uint64_t kind = random_.below(10);
    if (kind == 0)
      writer_.emit({.opcode = bpf::kOpJump, .offset = distance});
    else if (kind == 1)
      writer_.emit({.opcode = bpf::kOpJumpLong, .imm = distance});
    else
      writer_.conditional_jump(distance);
    writer_.slots.insert(writer_.slots.end(), skipped.slots.begin(), skipped.slots.end());
  }

  // R7 counts down; the body cannot write it.
  void loop() {
    writer_.move_imm(kLoopCounter, static_cast<std::int32_t>(2 + random_.below(30)));
    std::uint32_t top = writer_.here();
    std::erase(writer_.registers, kLoopCounter);
    straight(3 + random_.below(12));
    writer_.registers.push_back(kLoopCounter);
    writer_.add_imm(kLoopCounter, -1);
    auto back = static_cast<std::int16_t>(static_cast<std::int64_t>(top) - writer_.here() - 1);
    writer_.emit({.opcode = 0x55, .dst = kLoopCounter, .offset = back, .imm = 0});
  }

  // Key at [r10-8] and map in R1, R2.
  void map_arguments(std::uint32_t id) {
    writer_.emit(
        {.opcode = 0x7a, .dst = 10, .offset = -8, .imm = static_cast<std::int32_t>(random_.below(6))});
    writer_.move(2, 10);
    writer_.add_imm(2, -8);
    writer_.emit_constant(1, id);
  }

  void map_lookup() {
    map_arguments(static_cast<std::uint32_t>(1 + random_.below(2)));
    writer_.call_helper(1);
    CodeWriter use(random_, Dialect::kDevice);
    use.registers = {1, 2, 3, 4, 5, 6};
    for (std::uint64_t i = 1 + random_.below(3); i > 0; --i) {
      if (random_.chance(40))
        use.load(0, 0);
      else if (random_.chance(50))
        use.store(0, 0);
      else
        use.atomic(0, 0);
      // A cmpxchg has put the old value into R0: it is no pointer any more.
      if (bpf::decode(use.slots.back()).imm == bpf::kAtomicCompareExchange) break;
    }
    writer_.emit({.opcode = 0x15, .dst = 0, .offset = static_cast<std::int16_t>(use.slots.size()), .imm = 0});
    writer_.slots.insert(writer_.slots.end(), use.slots.begin(), use.slots.end());
  }

  void map_update() {
    map_arguments(static_cast<std::uint32_t>(1 + random_.below(2)));
    if (random_.chance(30)) return writer_.call_helper(3);
    writer_.move(3, kMemoryPointer);  // the memory has at least 16 bytes
    writer_.move_imm(4, static_cast<std::int32_t>(random_.below(4)));
    writer_.call_helper(2);
  }

  void local_call() {
    calls_.push_back(writer_.here());
    writer_.emit({.opcode = bpf::kOpCall, .src = bpf::kCallLocal, .imm = -1});
  }

  // Functions of arithmetic and their own stack; one may call the next.
  void add_functions() {
    in_function_ = true;
    for (std::size_t next = 0; next < calls_.size(); ++next) {
      auto slot = calls_[next];
      bpf::Instruction call = bpf::decode(writer_.slots[slot]);
      call.imm = static_cast<std::int32_t>(writer_.here() - slot - 1);
      writer_.slots[slot] = bpf::encode(call);
      straight(4 + random_.below(12));
      // Nesting is bounded well below eight frames by the number of functions.
      if (calls_.size() < 5 && random_.chance(30)) local_call();
      straight(random_.below(6));
      writer_.exit();
    }
  }

  void finish() {
    auto& program = result_.program;
    program.slots = std::move(writer_.slots);
    program.functions = {{program.name, 0, static_cast<std::uint32_t>(program.slots.size())}};
  }

  Random random_;
  CodeWriter writer_;
  RandomProgram result_;
  std::vector<std::uint32_t> calls_;  // slots of local calls, in order of their functions
  bool in_function_ = false;
};

}  // namespace

RandomProgram random_device_program(std::uint64_t seed) { return DeviceProgram(seed).make(); }

RandomProgram random_damaged_program(std::uint64_t seed) {
  RandomProgram result = random_device_program(seed);
  Random random(~seed);
  for (std::uint64_t changes = 1 + random.below(6); changes > 0; --changes) {
    auto& slot = result.program.slots[random.below(result.program.slots.size())];
    // The low half holds opcode, registers and offset, where damage does most.
    slot ^= std::uint64_t{1} << random.below(random.chance(80) ? 32 : 64);
    if (random.chance(10)) slot = random.bits();
  }
  return result;
}

}  // namespace faisca::conformance
