// Counters per function and program. Bounded: the row that was not touched for the longest time goes first.
// Thread: safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "hw/agent/job.h"
#include "lib/base/result.h"

namespace faisca::agent {

struct ProgramCounters {
  std::string function;
  std::string program_id;
  std::uint64_t invocations = 0;
  std::uint64_t failures = 0;  // of the invocations
  std::uint64_t instructions = 0;
  std::uint64_t cycles = 0;
};

class Stats {
 public:
  explicit Stats(std::size_t rows) : capacity_(rows) {}

  void record(const StoredProgram& program, const Result<Outcome>& outcome);
  std::vector<ProgramCounters> all() const;  // most recently used first

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::list<ProgramCounters> rows_;                                              // guarded by mutex_
  std::unordered_map<std::string, std::list<ProgramCounters>::iterator> by_id_;  // guarded by mutex_
};

}  // namespace faisca::agent
