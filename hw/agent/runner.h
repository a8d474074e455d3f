// The thread that owns the device: takes jobs from the queue and answers them, one after another.
//
// Ends a run when its caller's deadline passes or its caller goes away, and lets the queue expire while a run
// is long. Thread: started by the constructor, ended by the destructor, which ends the present run only if
// its job is cancelled or late: cancel first what must not be waited for.
#pragma once

#include <memory>
#include <thread>

#include "hw/agent/executor.h"
#include "hw/agent/queue.h"
#include "hw/agent/stats.h"
#include "lib/base/clock.h"

namespace faisca::agent {

class Runner {
 public:
  // Starts the thread. All but `executor` outlive the runner.
  Runner(std::unique_ptr<Executor> executor, Queue& queue, Stats& stats, const Clock& clock);
  ~Runner();  // closes the queue and waits for the thread

  std::uint64_t loads() const { return executor_->loads(); }

 private:
  void work();
  Status may_go_on(const Job& job);

  const std::unique_ptr<Executor> executor_;  // used by thread_ alone, but for loads()
  Queue& queue_;
  Stats& stats_;
  const Clock& clock_;
  std::thread thread_;
};

}  // namespace faisca::agent
