// What registers hold, as far as straight-line code shows it: a constant, or a fixed distance from R10.
// Internal to the verifier, which forgets everything wherever another path may join; so a fact is true
// whenever the instruction runs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "lib/bpf/isa.h"

namespace faisca::bpf {

class BlockFacts {
 public:
  BlockFacts() { forget(); }

  // At a jump's target, a function's start, and behind what does not fall through.
  void forget();
  // Takes over what `instruction` does. `next` is the slot behind it, for lddw.
  void execute(const Instruction& instruction, const Encoding& row, std::uint64_t next);

  std::optional<std::uint64_t> constant(std::uint8_t reg) const;
  // Bytes from R10 to where `reg` points, negative in the frame.
  std::optional<std::int64_t> frame_offset(std::uint8_t reg) const;

 private:
  enum class Kind : std::uint8_t { kUnknown, kConstant, kFrame };
  struct Fact {
    Kind kind = Kind::kUnknown;
    std::uint64_t value = 0;  // constant, or distance in two's complement
  };
  void add(std::uint8_t reg, std::uint64_t amount);

  std::array<Fact, kRegisters> facts_;
};

}  // namespace faisca::bpf
