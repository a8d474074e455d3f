// Operands of assembly text: registers, numbers, memory references. Internal to the assembler (assembler.h).
// Every function answers nothing for text that is not of its kind.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faisca::bpf {

struct RegisterOperand {
  std::uint8_t number;
  bool is_word;  // written w3: the instruction means the low 32 bits
};
// %r0, r0, R0, %w0, w0, fp, %fp. Numbers to 15, so that tests of refused registers can be written.
std::optional<RegisterOperand> parse_register(std::string_view text);

// Decimal or 0x…, with an optional sign; the whole of the text. Values that need 65 bits are nothing.
struct Number {
  bool negative;
  std::uint64_t magnitude;
  std::uint64_t bits() const { return negative ? ~magnitude + 1 : magnitude; }
};
std::optional<Number> parse_number(std::string_view text);

// A signed field of `width` bits that also takes the unsigned notation: 0xffff is -1 in 16 bits.
std::optional<std::int64_t> fit_field(Number number, int width);

struct MemoryOperand {
  std::uint8_t base;
  std::int16_t offset;
};
// [%r1], [r1+8], [r1 - 0x10].
std::optional<MemoryOperand> parse_memory(std::string_view text);

// Text of one line without comment (`#`, `;`, `//`) and surrounding space.
std::string_view strip_line(std::string_view line);

// Words separated by spaces or commas; spaces inside [] and () do not separate and are dropped.
std::vector<std::string> split_operands(std::string_view text);

}  // namespace faisca::bpf
