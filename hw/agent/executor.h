// Runs programs on a device, one at a time: makes the program resident, writes its input, runs it, serves its
// helper calls, reads its answer.
//
// State: maps and globals belong to the stored program. They stay in the device while the program is
// resident, are read back when another program with data takes its place, and are written again when it
// returns; a program that faults keeps what it had changed, as in the kernel. Only bytes that differ from
// what the device holds are written. A device that breaks a rule of its interface is dropped, with the data
// that was in it, and made anew for the next call. Thread: owned by one thread. Errors: those of proto's
// Invoke; kUnavailable when there is no device.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "hw/agent/device/device.h"
#include "hw/agent/job.h"
#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/bpf/layout.h"

namespace faisca::agent {

class DeviceMemory;

using DeviceFactory = std::function<Result<std::unique_ptr<device::Device>>()>;
// Asked every few milliseconds of a run; an error ends the run, and is its outcome.
using Interrupt = std::function<Status()>;

class Executor {
 public:
  // Makes the first device.
  static Result<std::unique_ptr<Executor>> create(DeviceFactory factory, const Clock& clock);

  Result<Outcome> run(const ProgramPtr& program, const Input& input, const Interrupt& interrupt);

  const device::DeviceInfo& info() const { return info_; }
  // Programs written into a bank so far. From any thread.
  std::uint64_t loads() const { return loads_; }

 private:
  Executor(DeviceFactory factory, const Clock& clock) : factory_(std::move(factory)), clock_(clock) {}

  Status ensure_device();
  Status load_code(const ProgramPtr& program);
  Status load_data(const ProgramPtr& program);
  Status read_back_data();
  Status write_data(const std::vector<std::uint8_t>& data);
  Status write_context(std::span<const std::byte> context);
  // The outer error is the device's, the inner one the program's or the caller's.
  struct Ran {
    Result<Outcome> outcome;
  };
  Result<Ran> run_on_device(const ProgramPtr& program, const Input& input, const Interrupt& interrupt);
  Result<Ran> execute(StoredProgram& stored, const Input& input, const Interrupt& interrupt);
  // `state` when the program has exited, otherwise why it has not.
  struct Ended {
    std::optional<device::RunState> state;
    Error error;
  };
  Result<Ended> follow(StoredProgram& stored, const Input& input, DeviceMemory& memory,
                       const Interrupt& interrupt);
  void drop_device(const Error& error);

  const DeviceFactory factory_;
  const Clock& clock_;
  std::unique_ptr<device::Device> device_;  // empty after it broke
  device::DeviceInfo info_;
  ProgramPtr resident_;                   // its code is in the active bank
  ProgramPtr previous_;                   // its code is in the other bank
  ProgramPtr data_owner_;                 // whose data is in the data region
  std::vector<std::uint8_t> known_data_;  // start of the data region, as last read or written
  std::vector<std::byte> context_;        // start of the context region, as last written
  std::atomic<std::uint64_t> loads_ = 0;
};

// Limits for the loader and the verifier.
bpf::DeviceLimits limits_of(const device::DeviceInfo& info);
// kOutOfRange if the memory does not fit.
Status check_memory(const device::DeviceInfo& info, bpf::Convention convention, std::size_t bytes);

}  // namespace faisca::agent
