#include "hw/agent/executor.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "hw/agent/device_memory.h"
#include "hw/agent/fault_message.h"
#include "lib/base/log.h"

namespace faisca::agent {
namespace {

constexpr std::uint64_t kSliceCycles =
    10'000;  // a few milliseconds of simulation between two looks at the deadline
constexpr int kTrapsPerLook = 32;
// Far beyond the slowest instruction (a 64-bit division): a run that takes longer is the hardware's fault.
constexpr std::uint64_t kMaxCyclesPerInstruction = 256;
constexpr std::uint64_t kSlackCycles = 100'000;
constexpr std::size_t kCompareBytes = 64;  // grain in which unchanged data is skipped

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

bpf::DeviceLimits limits_of(const device::DeviceInfo& info) {
  bpf::DeviceLimits limits;
  limits.instruction_slots = info.program_slots;
  limits.data_bytes = info.data_bytes;
  limits.memory_bytes = info.memory_bytes;
  return limits;
}

Status check_memory(const device::DeviceInfo& info, bpf::Convention convention, std::size_t bytes) {
  const bool packet = convention == bpf::Convention::kXdp;
  const std::size_t limit = info.memory_bytes - (packet ? bpf::kXdpHeadroom : 0);
  if (bytes <= limit) return {};
  return fail(Code::kOutOfRange,
              std::string(packet ? "a packet" : "memory") + " of " + std::to_string(bytes) +
                  " bytes is larger than the device's " + std::to_string(limit),
              "send a smaller body");
}

Result<std::unique_ptr<Executor>> Executor::create(DeviceFactory factory, const Clock& clock) {
  std::unique_ptr<Executor> executor(new Executor(std::move(factory), clock));
  FAISCA_CHECK_OK(executor->ensure_device());
  executor->info_ = executor->device_->info();
  return executor;
}

Result<Outcome> Executor::run(const ProgramPtr& program, const Input& input, const Interrupt& interrupt) {
  FAISCA_CHECK_OK(ensure_device());
  Result<Ran> ran = run_on_device(program, input, interrupt);
  if (ran) return std::move(ran->outcome);
  drop_device(ran.error());
  Error error = while_doing("running " + program->program.name)(std::move(ran).error());
  error.code = Code::kInternal;
  error.hint = "the device is started anew for the next request";
  return fail(std::move(error));
}

Status Executor::ensure_device() {
  if (device_) return {};
  auto made = factory_();
  if (!made) {
    Error error = while_doing("starting the device")(std::move(made).error());
    error.code = Code::kUnavailable;
    return fail(std::move(error));
  }
  device_ = *std::move(made);
  return {};
}

void Executor::drop_device(const Error& error) {
  log_error("device dropped", {{"error", error}});
  if (data_owner_) data_owner_->state.reset();  // its values were in the device
  resident_.reset();
  previous_.reset();
  data_owner_.reset();
  known_data_.clear();
  context_.clear();
  device_.reset();
}

Result<Executor::Ran> Executor::run_on_device(const ProgramPtr& program, const Input& input,
                                              const Interrupt& interrupt) {
  FAISCA_CHECK_OK(load_code(program));
  FAISCA_CHECK_OK(load_data(program));
  return execute(*program, input, interrupt);
}

Status Executor::load_code(const ProgramPtr& program) {
  if (resident_ == program) return {};
  FAISCA_CHECK_OK(device_->load_program(program->program.slots));
  if (previous_ != program) ++loads_;
  previous_ = std::exchange(resident_, program);
  return {};
}

Status Executor::load_data(const ProgramPtr& program) {
  if (!program->state) {
    FAISCA_TRY(maps, bpf::MapSet::create(program->program.maps));
    program->state.emplace(ProgramState{std::move(maps), program->program.data});
    program->state->data.resize(program->program.data_bytes);
  }
  if (program->program.data_bytes == 0 || data_owner_ == program) return {};
  FAISCA_CHECK_OK(read_back_data());
  FAISCA_CHECK_OK(write_data(program->state->data));
  data_owner_ = program;
  return {};
}

Status Executor::read_back_data() {
  const ProgramPtr owner = std::exchange(data_owner_, nullptr);
  if (!owner || !owner->may_store) return {};
  std::vector<std::uint8_t>& data = owner->state->data;
  FAISCA_CHECK_OK(device_->read_region(bpf::kDataBase, std::as_writable_bytes(std::span(data))));
  known_data_.resize(std::max(known_data_.size(), data.size()));
  std::copy(data.begin(), data.end(), known_data_.begin());
  return {};
}

Status Executor::write_data(const std::vector<std::uint8_t>& data) {
  const auto block_end = [&](std::size_t at) { return std::min(at + kCompareBytes, data.size()); };
  const auto differs = [&](std::size_t at) {
    const std::size_t end = block_end(at);
    return end > known_data_.size() || std::memcmp(&data[at], &known_data_[at], end - at) != 0;
  };
  for (std::size_t at = 0; at < data.size();) {
    std::size_t end = at;
    while (end < data.size() && differs(end)) end = block_end(end);
    if (end == at) {
      at = block_end(at);
      continue;
    }
    FAISCA_CHECK_OK(device_->write_region(bpf::kDataBase + static_cast<std::uint32_t>(at),
                                          std::as_bytes(std::span(data)).subspan(at, end - at)));
    at = end;
  }
  known_data_.resize(std::max(known_data_.size(), data.size()));
  std::copy(data.begin(), data.end(), known_data_.begin());
  return {};
}

Status Executor::write_context(std::span<const std::byte> context) {
  if (std::ranges::equal(context, context_)) return {};
  FAISCA_CHECK_OK(device_->write_region(bpf::kContextBase, context));
  context_.assign(context.begin(), context.end());
  return {};
}

Result<Executor::Ran> Executor::execute(StoredProgram& stored, const Input& input,
                                        const Interrupt& interrupt) {
  const bpf::Program& program = stored.program;
  const bool xdp = program.convention == bpf::Convention::kXdp;
  const auto size = static_cast<std::uint32_t>(input.memory.size());
  const std::uint32_t begin = xdp ? bpf::kXdpHeadroom : 0;

  device::RunSettings settings;
  settings.entry_pc = program.entry;
  settings.budget = input.budget;
  settings.memory = {begin, begin + size};
  settings.data = {0, program.data_bytes};
  settings.arguments = xdp ? std::array<std::uint64_t, 5>{bpf::kContextBase}
                           : std::array<std::uint64_t, 5>{bpf::kMemoryBase, size};
  if (size > 0) FAISCA_CHECK_OK(device_->write_region(bpf::kMemoryBase + begin, bytes_of(input.memory)));
  FAISCA_CHECK_OK(write_context(context_bytes(program.convention, settings.memory)));

  DeviceMemory memory(*device_, clock_, program.convention, settings.memory, settings.data);
  FAISCA_CHECK_OK(device_->start(settings));
  FAISCA_TRY(ended, follow(stored, input, memory, interrupt));
  if (memory.memory_window().begin != begin) context_.clear();
  if (!ended.state) return Ran{fail(std::move(ended.error))};

  Outcome outcome{.r0 = ended.state->r0,
                  .memory = {},
                  .instructions = ended.state->retired,
                  .cycles = ended.state->cycles};
  if (input.reply == MemoryReply::kReturn) {
    const device::Window window = memory.memory_window();
    outcome.memory.resize(window.end - window.begin);
    if (!stored.may_store && window.begin == begin)
      outcome.memory = input.memory;
    else if (!outcome.memory.empty())
      FAISCA_CHECK_OK(device_->read_region(bpf::kMemoryBase + window.begin,
                                           std::as_writable_bytes(std::span(outcome.memory))));
  }
  return Ran{std::move(outcome)};
}

Result<Executor::Ended> Executor::follow(StoredProgram& stored, const Input& input, DeviceMemory& memory,
                                         const Interrupt& interrupt) {
  const std::uint64_t cycle_limit = input.budget * kMaxCyclesPerInstruction + kSlackCycles;
  for (int traps = 0;;) {
    FAISCA_TRY(state, device_->wait(kSliceCycles));
    switch (state.status) {
      case device::RunStatus::kExited:
        return Ended{.state = state, .error = {}};
      case device::RunStatus::kFaulted:
        return Ended{.state = {}, .error = fault_error(stored.program, state, input.budget)};
      case device::RunStatus::kIdle:
        return fail(Code::kInternal, "the device dropped the run");
      case device::RunStatus::kRunning:
        if (state.cycles > cycle_limit)
          return fail(Code::kInternal,
                      "the device did not end the run within " + std::to_string(cycle_limit) + " cycles");
        break;
      case device::RunStatus::kTrapped: {
        const bpf::HelperCall call{state.helper_id, state.arguments};
        const bpf::HelperResult answer = bpf::call_helper(call, memory, stored.state->maps, memory);
        if (!memory.device_error()) return fail(memory.device_error().error());
        if (answer.fault != bpf::FaultCause::kNone) {
          FAISCA_CHECK_OK(device_->stop());
          return Ended{.state = {},
                       .error = helper_error(stored.program, state.fault_pc, call, answer.fault)};
        }
        FAISCA_CHECK_OK(device_->resume(answer.r0));
        if (++traps % kTrapsPerLook != 0) continue;
        break;
      }
    }
    if (Status go_on = interrupt(); !go_on) {
      FAISCA_CHECK_OK(device_->stop());
      return Ended{.state = {}, .error = std::move(go_on).error()};
    }
  }
}

}  // namespace faisca::agent
