// A device's regions as helpers and maps see them (lib/bpf/memory.h), and the environment that they ask.
//
// One object serves one run: it knows the run's windows and moves the packet's head when the program asks for
// it. An access is checked against the same bounds as the program's own, before anything is read or written.
// A failure of the device itself is kept in `device_error`; the run must then be given up.
// Thread: the executor's.
#pragma once

#include <cstdint>
#include <random>
#include <span>

#include "hw/agent/device/device.h"
#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/bpf/helpers.h"
#include "lib/bpf/memory.h"
#include "lib/bpf/program.h"

namespace faisca::agent {

class DeviceMemory final : public bpf::Memory, public bpf::Environment {
 public:
  DeviceMemory(device::Device& device, const Clock& clock, bpf::Convention convention, device::Window memory,
               device::Window data);

  bpf::FaultCause load(std::uint64_t address, std::span<std::uint8_t> to) override;
  bpf::FaultCause store(std::uint64_t address, std::span<const std::uint8_t> from) override;

  std::uint64_t monotonic_ns() override;
  std::uint32_t random_u32() override { return static_cast<std::uint32_t>(random_()); }
  // Headroom that a program uncovers is zeroed: the bytes there are another run's.
  std::int64_t adjust_head(std::int64_t delta) override;

  // Where the body or the packet is now.
  device::Window memory_window() const { return memory_; }
  bool wrote_memory() const { return wrote_memory_; }
  const Status& device_error() const { return device_error_; }

 private:
  enum class Access { kRead, kWrite };
  bool inside(std::uint64_t address, std::size_t size, Access access) const;

  device::Device& device_;
  const Clock& clock_;
  const bpf::Convention convention_;
  device::Window memory_;
  const device::Window data_;
  std::uint32_t lowest_begin_;  // of memory_ in this run
  bool wrote_memory_ = false;
  Status device_error_;
  std::minstd_rand random_;
};

// The context region: struct xdp_md for a packet in `window`, zeros for the convention mem.
std::array<std::byte, bpf::kContextBytes> context_bytes(bpf::Convention convention, device::Window window);

}  // namespace faisca::agent
