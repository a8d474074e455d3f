// The Device that is driven through registers (docs/reference/registers.md): all of Device but the trace
// port, over any RegisterBus. Owns its bus.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "hw/agent/device/device.h"
#include "hw/agent/device/register_bus.h"

namespace faisca::device {

class RegisterDevice : public Device {
 public:
  // Checks ID, VERSION and FLIP and reads the configuration. `kind` is what info() says.
  static Result<std::unique_ptr<Device>> probe(std::string kind, std::unique_ptr<RegisterBus> bus);

  const DeviceInfo& info() const override { return info_; }
  Status load_program(std::span<const std::uint64_t> instructions) override;
  Status write_region(std::uint32_t address, std::span<const std::byte> bytes) override;
  Status read_region(std::uint32_t address, std::span<std::byte> bytes) override;
  Status start(const RunSettings& settings) override;
  Result<RunState> wait(std::uint64_t max_cycles) override;
  Status resume(std::uint64_t r0) override;
  Status set_memory_window(Window window) override;
  Status stop() override;
  Status set_trace(TraceCallback callback) override;

 protected:
  explicit RegisterDevice(std::unique_ptr<RegisterBus> bus) : bus_(std::move(bus)) {}
  Status identify(std::string kind);

 private:
  Result<std::uint64_t> read_pair(std::uint32_t low_offset);
  Status write_pair(std::uint32_t low_offset, std::uint64_t value);
  Status write_bank(std::span<const std::uint64_t> instructions);
  Status check_range(std::uint32_t address, std::size_t size) const;
  Status read_trap(RunState& state);
  Status read_fault(RunState& state);

  std::unique_ptr<RegisterBus> bus_;
  DeviceInfo info_;
  std::array<std::vector<std::uint64_t>, 2> banks_;  // what was written into each program bank
};

}  // namespace faisca::device
