#include "hw/agent/device/register_device.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

namespace faisca::device {
namespace {

using regs::kContextBase, regs::kDataBase, regs::kMemoryBase, regs::kStackBase;
using regs::State;
namespace block = regs::device;
namespace engine = regs::engine;

// Offsets of engine 0's registers.
constexpr std::uint32_t at(std::uint32_t engine_offset) { return regs::kEngineBase + engine_offset; }

constexpr const char* kNotRunning = "registers and regions are accessible only while no instruction executes";

std::string hex(std::uint32_t value) {
  char text[12];
  std::snprintf(text, sizeof text, "0x%08x", value);
  return text;
}

std::uint32_t word_from(std::span<const std::byte> bytes, std::size_t shift) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    word |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * (shift + i));
  return word;
}

}  // namespace

Result<std::unique_ptr<Device>> RegisterDevice::probe(std::string kind, std::unique_ptr<RegisterBus> bus) {
  std::unique_ptr<RegisterDevice> device(new RegisterDevice(std::move(bus)));
  FAISCA_CHECK_OK(device->identify(std::move(kind)));
  return device;
}

Status RegisterDevice::identify(std::string kind) {
  FAISCA_TRY(id, bus_->read(block::kId));
  if (id != regs::kIdValue)
    return fail(Code::kInternal, "register ID reads " + hex(id) + ", not " + hex(regs::kIdValue),
                "this is no Faisca device, or its clock or reset is missing");
  FAISCA_TRY(version, bus_->read(block::kVersion));
  if (version >> 16 != regs::kVersionValue >> 16)
    return fail(
        Code::kInternal,
        "the device has register map " + hex(version) + ", this driver knows " + hex(regs::kVersionValue),
        "build driver and device from the same source");
  constexpr std::uint32_t kPattern = 0x5a0ff0c3;
  FAISCA_CHECK_OK(bus_->write(block::kFlip, kPattern));
  FAISCA_TRY(flipped, bus_->read(block::kFlip));
  if (flipped != ~kPattern)
    return fail(Code::kInternal,
                "register FLIP reads " + hex(flipped) + " after " + hex(kPattern) + " was written",
                "the bus loses or changes bits");
  info_.kind = std::move(kind);
  info_.version = version;
  const std::pair<std::uint32_t, std::uint32_t*> fields[] = {
      {block::kConfigEngines, &info_.engines},
      {block::kConfigThreads, &info_.threads},
      {block::kConfigProgramSlots, &info_.program_slots},
      {block::kConfigMemoryBytes, &info_.memory_bytes},
      {block::kConfigStackBytes, &info_.stack_bytes},
      {block::kConfigDataBytes, &info_.data_bytes},
      {block::kConfigContextBytes, &info_.context_bytes},
  };
  for (auto [offset, field] : fields) {
    FAISCA_TRY(value, bus_->read(offset));
    *field = value;
  }
  return {};
}

Status RegisterDevice::load_program(std::span<const std::uint64_t> instructions) {
  if (instructions.empty()) return fail(Code::kInvalidArgument, "the program has no instructions");
  if (instructions.size() > info_.program_slots)
    return fail(Code::kResourceExhausted,
                "the program has " + std::to_string(instructions.size()) + " instruction slots, the device " +
                    std::to_string(info_.program_slots),
                "split the program, or move constant tables into its data");
  FAISCA_TRY(status, bus_->read(block::kProgramStatus));
  if (status & block::kProgramStatusSwitchPending)
    return fail(Code::kFailedPrecondition, "another program waits for the end of the run in progress",
                "wait for the run, then load");
  const std::size_t active = status & block::kProgramStatusActiveBank ? 1 : 0;
  auto holds = [&](const std::vector<std::uint64_t>& bank) { return std::ranges::equal(bank, instructions); };
  if (holds(banks_[active])) return {};
  std::vector<std::uint64_t>& bank = banks_[1 - active];
  if (!holds(bank)) {
    bank.clear();
    FAISCA_CHECK_OK(write_bank(instructions));
    bank.assign(instructions.begin(), instructions.end());
  }
  FAISCA_CHECK_OK(bus_->write(block::kProgramLength, static_cast<std::uint32_t>(instructions.size())));
  return bus_->write(block::kProgramSwitch, 1);
}

Status RegisterDevice::write_bank(std::span<const std::uint64_t> instructions) {
  FAISCA_CHECK_OK(bus_->write(block::kProgramAddress, 0));
  for (std::uint64_t slot : instructions) {
    FAISCA_CHECK_OK(bus_->write(block::kProgramLow, static_cast<std::uint32_t>(slot)));
    FAISCA_CHECK_OK(bus_->write(block::kProgramHigh, static_cast<std::uint32_t>(slot >> 32)));
  }
  return {};
}

Status RegisterDevice::check_range(std::uint32_t address, std::size_t size) const {
  const std::pair<std::uint32_t, std::uint32_t> regions[] = {{kMemoryBase, info_.memory_bytes},
                                                             {kStackBase, info_.stack_bytes},
                                                             {kDataBase, info_.data_bytes},
                                                             {kContextBase, info_.context_bytes}};
  for (auto [base, bytes] : regions) {
    if (address >> 28 != base >> 28) continue;
    const std::uint32_t offset = address - base;
    if (offset <= bytes && size <= bytes - offset) return {};
    return fail(Code::kOutOfRange, std::to_string(size) + " bytes at " + hex(address) +
                                       " do not fit the region at " + hex(base) + ", which has " +
                                       std::to_string(bytes) + " bytes");
  }
  return fail(Code::kOutOfRange, "device address " + hex(address) + " is in no region");
}

Status RegisterDevice::write_region(std::uint32_t address, std::span<const std::byte> bytes) {
  FAISCA_CHECK_OK(check_range(address, bytes.size()));
  if (bytes.empty()) return {};
  FAISCA_CHECK_OK(bus_->write(at(engine::kRegionAddress), address & ~3u));
  // Words that are not written whole, at either end, go by byte enables; the port counts up by itself.
  auto write_part = [&](std::span<const std::byte> part, std::size_t shift) {
    auto enable = static_cast<ByteEnable>(((1u << part.size()) - 1) << shift);
    return bus_->write(at(engine::kRegionData), word_from(part, shift), enable)
        .map_error(while_doing(kNotRunning));
  };
  if (std::size_t shift = address % 4; shift != 0) {
    auto part = bytes.first(std::min(bytes.size(), 4 - shift));
    FAISCA_CHECK_OK(write_part(part, shift));
    bytes = bytes.subspan(part.size());
  }
  std::vector<std::uint32_t> words(bytes.size() / 4);
  if (!words.empty()) {
    std::memcpy(words.data(), bytes.data(), words.size() * 4);
    FAISCA_CHECK_OK(bus_->write_many(at(engine::kRegionData), words).map_error(while_doing(kNotRunning)));
  }
  if (auto rest = bytes.subspan(words.size() * 4); !rest.empty()) return write_part(rest, 0);
  return {};
}

Status RegisterDevice::read_region(std::uint32_t address, std::span<std::byte> bytes) {
  FAISCA_CHECK_OK(check_range(address, bytes.size()));
  if (bytes.empty()) return {};
  FAISCA_CHECK_OK(bus_->write(at(engine::kRegionAddress), address & ~3u));
  const std::size_t skip = address % 4;
  std::vector<std::uint32_t> words((skip + bytes.size() + 3) / 4);
  FAISCA_CHECK_OK(bus_->read_many(at(engine::kRegionData), words).map_error(while_doing(kNotRunning)));
  std::memcpy(bytes.data(), reinterpret_cast<const std::byte*>(words.data()) + skip, bytes.size());
  return {};
}

Status RegisterDevice::start(const RunSettings& settings) {
  const std::pair<std::uint32_t, std::uint32_t> values[] = {
      {engine::kEntryPc, settings.entry_pc},         {engine::kBudget, settings.budget},
      {engine::kMemoryBegin, settings.memory.begin}, {engine::kMemoryEnd, settings.memory.end},
      {engine::kDataBegin, settings.data.begin},     {engine::kDataEnd, settings.data.end},
  };
  FAISCA_TRY(status, bus_->read(at(engine::kStatus)));
  if (auto state = static_cast<State>(status); state == State::kRunning || state == State::kTrapped)
    return fail(Code::kFailedPrecondition, "a run is in progress", "wait for it, or stop it");
  for (auto [offset, value] : values) FAISCA_CHECK_OK(bus_->write(at(offset), value));
  for (std::uint32_t i = 0; i < settings.arguments.size(); ++i)
    FAISCA_CHECK_OK(write_pair(at(engine::kEntryR) + 8 * i, settings.arguments[i]));
  return bus_->write(at(engine::kControl), engine::kControlStart);
}

Result<RunState> RegisterDevice::wait(std::uint64_t max_cycles) {
  RunState state;
  FAISCA_TRY(status, bus_->read(at(engine::kStatus)));
  if (static_cast<State>(status) == State::kRunning) {
    FAISCA_CHECK_OK(bus_->wait_for_event(max_cycles));
    FAISCA_TRY(later, bus_->read(at(engine::kStatus)));
    status = later;
  }
  state.status = static_cast<RunStatus>(status);
  switch (state.status) {
    case RunStatus::kExited: {
      FAISCA_TRY(r0, read_pair(at(engine::kR)));
      state.r0 = r0;
      break;
    }
    case RunStatus::kTrapped:
      FAISCA_CHECK_OK(read_trap(state));
      break;
    case RunStatus::kFaulted:
      FAISCA_CHECK_OK(read_fault(state));
      break;
    case RunStatus::kIdle:
    case RunStatus::kRunning:
      break;
    default:
      return fail(Code::kInternal, "register STATUS reads " + hex(status) + ", which is no state");
  }
  FAISCA_TRY(retired, read_pair(at(engine::kRetiredLow)));
  FAISCA_TRY(cycles, read_pair(at(engine::kCyclesLow)));
  state.retired = retired;
  state.cycles = cycles;
  return state;
}

Status RegisterDevice::read_trap(RunState& state) {
  FAISCA_TRY(helper, bus_->read(at(engine::kHelperId)));
  FAISCA_TRY(pc, bus_->read(at(engine::kFaultPc)));
  state.helper_id = helper;
  state.fault_pc = pc;
  for (std::uint32_t i = 0; i < state.arguments.size(); ++i) {
    FAISCA_TRY(value, read_pair(at(engine::kR) + 8 * (i + 1)));
    state.arguments[i] = value;
  }
  return {};
}

Status RegisterDevice::read_fault(RunState& state) {
  FAISCA_TRY(cause, bus_->read(at(engine::kFaultCause)));
  FAISCA_TRY(pc, bus_->read(at(engine::kFaultPc)));
  FAISCA_TRY(address, read_pair(at(engine::kFaultAddressLow)));
  state.fault = static_cast<FaultCause>(cause);
  state.fault_pc = pc;
  state.fault_address = address;
  return {};
}

Status RegisterDevice::resume(std::uint64_t r0) {
  FAISCA_CHECK_OK(write_pair(at(engine::kResumeR0Low), r0));
  return bus_->write(at(engine::kControl), engine::kControlResume)
      .map_error(while_doing("resuming a run that waits for no helper"));
}

Status RegisterDevice::set_memory_window(Window window) {
  FAISCA_TRY(status, bus_->read(at(engine::kStatus)));
  if (static_cast<State>(status) == State::kRunning)
    return fail(Code::kFailedPrecondition, "the memory window cannot move while instructions execute",
                "wait for the run first");
  FAISCA_CHECK_OK(bus_->write(at(engine::kMemoryBegin), window.begin));
  return bus_->write(at(engine::kMemoryEnd), window.end);
}

Status RegisterDevice::stop() { return bus_->write(at(engine::kControl), engine::kControlStop); }

Status RegisterDevice::set_trace(TraceCallback) {
  return fail(Code::kUnimplemented, "a device of kind \"" + info_.kind + "\" has no trace port",
              "use the Verilated device");
}

Result<std::uint64_t> RegisterDevice::read_pair(std::uint32_t low_offset) {
  FAISCA_TRY(low, bus_->read(low_offset));
  FAISCA_TRY(high, bus_->read(low_offset + 4));
  return static_cast<std::uint64_t>(high) << 32 | low;
}

Status RegisterDevice::write_pair(std::uint32_t low_offset, std::uint64_t value) {
  FAISCA_CHECK_OK(bus_->write(low_offset, static_cast<std::uint32_t>(value)));
  return bus_->write(low_offset + 4, static_cast<std::uint32_t>(value >> 32));
}

}  // namespace faisca::device
