// Writes random instructions of each kind; the two program generators choose among them. Internal.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/bpf/instruction.h"
#include "lib/bpf/isa.h"
#include "tests/conformance/differential/random_program.h"

namespace faisca::conformance {

// Kernel: only what its verifier takes (no shift amount out of range, no division by a zero immediate).
enum class Dialect { kDevice, kKernel };

class CodeWriter {
 public:
  CodeWriter(Random& random, Dialect dialect) : random_(random), dialect_(dialect) {}

  // Registers that random instructions may write; they read these and nothing else.
  std::vector<std::uint8_t> registers = {0, 1, 2, 3, 4, 5, 6, 7};

  void arithmetic();     // any ALU instruction
  void load_constant();  // lddw
  void conditional_jump(std::int16_t distance);
  void load(std::uint8_t base, std::int16_t offset);
  void store(std::uint8_t base, std::int16_t offset);
  void atomic(std::uint8_t base, std::int16_t offset);

  void emit(const bpf::Instruction& instruction) { slots.push_back(bpf::encode(instruction)); }
  void emit_constant(std::uint8_t dst, std::uint64_t value);
  void move(std::uint8_t dst, std::uint8_t src) { emit({.opcode = 0xbf, .dst = dst, .src = src}); }
  void move_imm(std::uint8_t dst, std::int32_t imm) { emit({.opcode = 0xb7, .dst = dst, .imm = imm}); }
  void add_imm(std::uint8_t dst, std::int32_t imm) { emit({.opcode = 0x07, .dst = dst, .imm = imm}); }
  void call_helper(std::int32_t id) { emit({.opcode = bpf::kOpCall, .imm = id}); }
  void exit() { emit({.opcode = bpf::kOpExit}); }
  std::uint32_t here() const { return static_cast<std::uint32_t>(slots.size()); }

  std::vector<std::uint64_t> slots;

 private:
  std::uint8_t any() { return random_.pick(registers); }
  std::int32_t imm() { return static_cast<std::int32_t>(random_.value()); }
  const bpf::Encoding& pick_encoding(std::vector<bpf::Form> forms);

  Random& random_;
  Dialect dialect_;
};

}  // namespace faisca::conformance
