// How a driver reaches a device's register window: 32-bit accesses at byte offsets. The Verilated device has
// one over simulated AXI4-Lite; a board has one over a mapped PCIe window.
//
// Thread: not thread-safe. Errors: kFailedPrecondition if the device refuses an access (SLVERR), kInternal if
// it does not answer.
#pragma once

#include <cstdint>
#include <span>

#include "lib/base/result.h"

namespace faisca::device {

// Which bytes of a word a write changes, bit n for byte n.
enum class ByteEnable : std::uint8_t { kAll = 0xf };

class RegisterBus {
 public:
  virtual ~RegisterBus() = default;

  virtual Result<std::uint32_t> read(std::uint32_t offset) = 0;
  virtual Status write(std::uint32_t offset, std::uint32_t value, ByteEnable enable = ByteEnable::kAll) = 0;

  // Many accesses to one register, in order: the data ports that count their address up.
  virtual Status read_many(std::uint32_t offset, std::span<std::uint32_t> values) = 0;
  virtual Status write_many(std::uint32_t offset, std::span<const std::uint32_t> values) = 0;

  // Returns when engine 0 waits for the host, or after `max_cycles` device cycles.
  virtual Status wait_for_event(std::uint64_t max_cycles) = 0;
};

}  // namespace faisca::device
