// One retired instruction, as the model and the RTL report it: their traces must be equal value by value.
//
// `lddw` retires once, at its first slot. A local call and an exit write no register here (frames are hidden
// state); a helper call writes R0. A cmpxchg writes R0 and stores only if it swapped; other fetching atomics
// write src and store.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace faisca::bpf {

struct Retired {
  std::uint32_t pc = 0;           // slot
  std::uint64_t instruction = 0;  // the (first) slot's bytes
  bool writes_register = false;
  std::uint8_t reg = 0;
  std::uint64_t value = 0;
  bool stores = false;  // if not, the three below are 0
  std::uint32_t store_address = 0;
  std::uint8_t store_bytes = 0;  // 1, 2, 4, 8
  std::uint64_t store_data = 0;  // zero-extended

  friend bool operator==(const Retired&, const Retired&) = default;
};

using RetireTrace = std::function<void(const Retired&)>;

// For difference reports: "pc 12: r3 = 0x2a, [0x200001f8] 8 = 0x7".
std::string to_text(const Retired& retired);

}  // namespace faisca::bpf
