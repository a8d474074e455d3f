// Random programs that end, from a seed: the same seed gives the same program for ever on every machine.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "lib/bpf/program.h"

namespace faisca::conformance {

// Numbers from a seed; not std::uniform_int_distribution, whose results differ between libraries.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t bits() { return engine_(); }
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  bool chance(unsigned percent) { return below(100) < percent; }
  // Often a corner value: 0, ±1, powers of two and their neighbours.
  std::uint64_t value();
  template <class T>
  T pick(const std::vector<T>& all) {
    return all[below(all.size())];
  }

 private:
  std::mt19937_64 engine_;
};

struct RandomProgram {
  bpf::Program program;
  std::vector<std::uint8_t> memory;  // body (mem) or packet (xdp)
};

// Everything the device can do: every instruction, any alignment, loops, local calls, helpers, maps; now and
// then an access that faults. Convention mem.
RandomProgram random_device_program(std::uint64_t seed);

// A device program with some bits changed: most are no program that a verifier would let through. Whatever it
// does, model and RTL must do the same, fault included.
RandomProgram random_damaged_program(std::uint64_t seed);

// What the kernel's verifier accepts as well: scalars loaded from the packet, arithmetic, forward jumps, the
// stack, atomics; the result is a hash of all registers and stack slots. Convention xdp.
RandomProgram random_kernel_program(std::uint64_t seed);

}  // namespace faisca::conformance
