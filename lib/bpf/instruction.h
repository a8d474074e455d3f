// One 8-byte slot of eBPF, taken apart (RFC 9669 §3): opcode 8, dst 4, src 4, offset s16, imm s32, little
// endian. `lddw` is two slots; the second holds the upper half of its constant in imm.
#pragma once

#include <cstdint>

namespace faisca::bpf {

struct Instruction {
  std::uint8_t opcode = 0;
  std::uint8_t dst = 0;
  std::uint8_t src = 0;
  std::int16_t offset = 0;
  std::int32_t imm = 0;

  friend bool operator==(const Instruction&, const Instruction&) = default;
};

inline constexpr Instruction decode(std::uint64_t slot) {
  return {static_cast<std::uint8_t>(slot), static_cast<std::uint8_t>((slot >> 8) & 0xf),
          static_cast<std::uint8_t>((slot >> 12) & 0xf), static_cast<std::int16_t>(slot >> 16),
          static_cast<std::int32_t>(slot >> 32)};
}

inline constexpr std::uint64_t encode(const Instruction& i) {
  return static_cast<std::uint64_t>(i.opcode) | static_cast<std::uint64_t>(i.dst & 0xf) << 8 |
         static_cast<std::uint64_t>(i.src & 0xf) << 12 |
         static_cast<std::uint64_t>(static_cast<std::uint16_t>(i.offset)) << 16 |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(i.imm)) << 32;
}

}  // namespace faisca::bpf
