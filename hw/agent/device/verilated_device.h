// The device as a simulation of its RTL, cycle by cycle, inside this process.
//
// Same registers, same AXI-Lite transactions as a board would see. Owns its Verilator context, so several
// devices may live in one process; each follows the thread rule of device.h.
#pragma once

#include <cstdint>
#include <memory>

#include "hw/agent/device/device.h"

namespace faisca::device {

struct VerilatedSettings {
  // Cycles that a single bus access may take before the device counts as broken.
  std::uint32_t bus_timeout_cycles = 10'000;
};

// A device after reset, identity checked. Fails with kInternal if the model does not identify itself.
Result<std::unique_ptr<Device>> make_verilated_device(const VerilatedSettings& settings = {});

}  // namespace faisca::device
