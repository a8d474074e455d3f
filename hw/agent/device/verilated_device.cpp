#include "hw/agent/device/verilated_device.h"

#include "Vfaisca.h"
#include "hw/agent/device/register_device.h"
#include "hw/agent/device/verilated_bus.h"

namespace faisca::device {
namespace {

using Bus = VerilatedBus<Vfaisca>;

class VerilatedDevice final : public RegisterDevice {
 public:
  static Result<std::unique_ptr<Device>> make(const VerilatedSettings& settings) {
    auto bus = std::make_unique<Bus>(settings);
    Bus& simulation = *bus;
    std::unique_ptr<VerilatedDevice> device(new VerilatedDevice(std::move(bus), simulation));
    FAISCA_CHECK_OK(device->identify("verilated"));
    return device;
  }

  Status set_trace(TraceCallback callback) override {
    simulation_.set_trace(std::move(callback));
    return {};
  }

 private:
  VerilatedDevice(std::unique_ptr<RegisterBus> bus, Bus& simulation)
      : RegisterDevice(std::move(bus)), simulation_(simulation) {}

  Bus& simulation_;  // owned by the base
};

}  // namespace

Result<std::unique_ptr<Device>> make_verilated_device(const VerilatedSettings& settings) {
  return VerilatedDevice::make(settings);
}

}  // namespace faisca::device
