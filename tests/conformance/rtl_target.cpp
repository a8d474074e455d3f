// The RTL as a target: a Verilated device in this process, helpers answered from lib/bpf through its register
// interface.
#include <algorithm>

#include "hw/agent/device/verilated_device.h"
#include "lib/bpf/helpers.h"
#include "tests/conformance/target.h"

namespace faisca::conformance {
namespace {

constexpr std::uint64_t kMaxCycles = 200'000'000;

// Device memory as helpers see it: the bus checks regions, and here the run's windows are checked as for the
// program.
class DeviceMemory : public bpf::Memory {
 public:
  DeviceMemory(device::Device& device, std::uint32_t memory_bytes, std::uint32_t data_bytes)
      : device_(device), memory_bytes_(memory_bytes), data_bytes_(data_bytes) {}

  bpf::FaultCause load(std::uint64_t address, std::span<std::uint8_t> to) override {
    if (!inside(address, to.size())) return bpf::FaultCause::kOutOfBounds;
    return check(device_.read_region(static_cast<std::uint32_t>(address), std::as_writable_bytes(to)));
  }
  bpf::FaultCause store(std::uint64_t address, std::span<const std::uint8_t> from) override {
    if (!inside(address, from.size())) return bpf::FaultCause::kOutOfBounds;
    if (address >= bpf::kContextBase) return bpf::FaultCause::kReadOnly;
    return check(device_.write_region(static_cast<std::uint32_t>(address), std::as_bytes(from)));
  }

 private:
  bool inside(std::uint64_t address, std::size_t size) const {
    for (auto [base, bytes] : {std::pair{bpf::kMemoryBase, memory_bytes_},
                               {bpf::kStackBase, bpf::kStackBytes},
                               {bpf::kDataBase, data_bytes_},
                               {bpf::kContextBase, bpf::kContextBytes}})
      if (address >= base && address - base <= bytes && bytes - (address - base) >= size) return true;
    return false;
  }
  static bpf::FaultCause check(const Status& status) {
    return status ? bpf::FaultCause::kNone : bpf::FaultCause::kOutOfBounds;
  }

  device::Device& device_;
  std::uint32_t memory_bytes_, data_bytes_;
};

bpf::Retired convert(const device::RetiredInstruction& from) {
  bpf::Retired to{.pc = from.pc, .instruction = from.instruction};
  if (from.writes_register) {
    to.writes_register = true;
    to.reg = from.destination;
    to.value = from.value;
  }
  if (from.writes_memory) {
    to.stores = true;
    to.store_address = from.address;
    to.store_bytes = from.size;
    to.store_data = from.data;
  }
  return to;
}

class RtlTarget : public Target {
 public:
  explicit RtlTarget(std::unique_ptr<device::Device> device) : device_(std::move(device)) {}

  Result<model::Outcome> run(const bpf::Program& program, std::span<const std::uint8_t> memory,
                             const RunOptions& options) override {
    FAISCA_TRY(maps, bpf::MapSet::create(program.maps));
    FAISCA_CHECK_OK(prepare(program, memory));
    if (options.trace) {
      const auto& trace = options.trace;
      FAISCA_CHECK_OK(
          device_->set_trace([&trace](const device::RetiredInstruction& r) { trace(convert(r)); }));
    } else {
      FAISCA_CHECK_OK(device_->set_trace(nullptr));
    }
    device::RunSettings settings;
    settings.entry_pc = program.entry;
    settings.arguments = {bpf::kMemoryBase, memory.size()};
    settings.budget = options.budget;
    settings.memory = {0, static_cast<std::uint32_t>(memory.size())};
    settings.data = {0, program.data_bytes};
    FAISCA_CHECK_OK(device_->start(settings));
    auto outcome = finish(maps, settings);
    FAISCA_CHECK_OK(device_->set_trace(nullptr));
    return outcome;
  }

 private:
  Status prepare(const bpf::Program& program, std::span<const std::uint8_t> memory) {
    FAISCA_CHECK_OK(device_->load_program(program.slots));
    std::vector<std::uint8_t> data(program.data_bytes, 0);
    std::copy(program.data.begin(), program.data.end(), data.begin());
    if (!data.empty()) FAISCA_CHECK_OK(device_->write_region(bpf::kDataBase, std::as_bytes(std::span(data))));
    if (!memory.empty()) FAISCA_CHECK_OK(device_->write_region(bpf::kMemoryBase, std::as_bytes(memory)));
    return {};
  }

  Result<model::Outcome> finish(bpf::MapSet& maps, const device::RunSettings& settings) {
    FixedEnvironment environment;
    DeviceMemory memory(*device_, settings.memory.end, settings.data.end);
    for (;;) {
      FAISCA_TRY(state, device_->wait(kMaxCycles));
      switch (state.status) {
        case device::RunStatus::kTrapped: {
          auto result = bpf::call_helper({state.helper_id, state.arguments}, memory, maps, environment);
          if (result.fault != bpf::FaultCause::kNone) {
            FAISCA_CHECK_OK(device_->stop());
            return model::Outcome{.fault = result.fault, .retired = state.retired};
          }
          FAISCA_CHECK_OK(device_->resume(result.r0));
          break;
        }
        case device::RunStatus::kExited:
          return model::Outcome{.r0 = state.r0, .retired = state.retired};
        case device::RunStatus::kFaulted:
          return model::Outcome{.fault = static_cast<bpf::FaultCause>(state.fault),
                                .fault_pc = state.fault_pc,
                                .fault_address = state.fault_address,
                                .retired = state.retired};
        default:
          return fail(Code::kDeadlineExceeded,
                      "the device still runs after " + std::to_string(kMaxCycles) + " cycles");
      }
    }
  }

  std::unique_ptr<device::Device> device_;
};

}  // namespace

Result<std::unique_ptr<Target>> make_rtl_target() {
  FAISCA_TRY(device, device::make_verilated_device());
  return std::make_unique<RtlTarget>(std::move(device));
}

}  // namespace faisca::conformance
