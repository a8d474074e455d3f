#include "hw/agent/stats.h"

namespace faisca::agent {

void Stats::record(const StoredProgram& program, const Result<Outcome>& outcome) {
  std::lock_guard lock(mutex_);
  auto found = by_id_.find(program.id);
  if (found == by_id_.end()) {
    rows_.push_front({.function = program.function, .program_id = program.id});
    found = by_id_.emplace(program.id, rows_.begin()).first;
    if (rows_.size() > capacity_) {
      by_id_.erase(rows_.back().program_id);
      rows_.pop_back();
    }
  } else {
    rows_.splice(rows_.begin(), rows_, found->second);
  }
  ProgramCounters& row = rows_.front();
  ++row.invocations;
  if (!outcome) {
    ++row.failures;
    return;
  }
  row.instructions += outcome->instructions;
  row.cycles += outcome->cycles;
}

std::vector<ProgramCounters> Stats::all() const {
  std::lock_guard lock(mutex_);
  return {rows_.begin(), rows_.end()};
}

}  // namespace faisca::agent
