// Arithmetic and comparisons of RFC 9669 §4.1–4.3 as pure functions of two 64-bit operands, and nothing else.
// `op` is the high nibble of the opcode (0x00 add … 0xd0 end); immediates come sign-extended to 64 bits.
#pragma once

#include <cstdint>

namespace faisca::model {

// ALU64 class. `offset` 1: signed div/mod; 8, 16, 32: movsx.
std::uint64_t alu64(std::uint8_t op, std::int16_t offset, std::uint64_t dst, std::uint64_t src);
// ALU class: low halves in, zero-extended result out.
std::uint64_t alu32(std::uint8_t op, std::int16_t offset, std::uint64_t dst, std::uint64_t src);
// le/be (opcodes 0xd4, 0xdc) on a little-endian machine: le truncates, be swaps and truncates. 0xd7: swap.
std::uint64_t byte_order(std::uint8_t opcode, std::int32_t width, std::uint64_t value);
// Whether a conditional jump is taken; JMP32 compares the low halves.
bool condition(std::uint8_t opcode, std::uint64_t dst, std::uint64_t src);
// New memory value of an atomic; `operation` is imm without the fetch bit, cmpxchg excluded.
std::uint64_t atomic_result(std::int32_t operation, std::uint64_t old_value, std::uint64_t operand);

}  // namespace faisca::model
