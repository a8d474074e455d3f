// One invocation on its way: made by the service, waits in the queue, ended by the runner.
//
// Ownership: shared by the service (for cancelling) and whoever works on it. `finish` is called exactly once,
// by the one who took the job out of the queue. Thread: members are set before the job is queued; `cancelled`
// from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "hw/agent/program_store.h"
#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace faisca::agent {

enum class MemoryReply { kReturn, kOmit };

// What the device gets.
struct Input {
  std::string_view memory;   // the caller keeps it alive until the job has finished
  std::uint32_t budget = 0;  // instructions
  MemoryReply reply = MemoryReply::kReturn;
};

struct Outcome {
  std::uint64_t r0 = 0;
  std::string memory;  // as the program left it; empty with kOmit
  std::uint64_t instructions = 0;
  std::uint64_t cycles = 0;
};

struct Job {
  ProgramPtr program;
  Input input;
  SteadyTime deadline = SteadyTime::max();
  std::atomic<bool> cancelled = false;
  std::function<void(Result<Outcome>)> finish;
};
using JobPtr = std::shared_ptr<Job>;

}  // namespace faisca::agent
