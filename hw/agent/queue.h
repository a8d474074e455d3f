// Jobs that wait for the device, in order of arrival.
//
// Bounded. A job whose deadline passes while it waits is answered kDeadlineExceeded and never reaches the
// device, a cancelled one kCancelled. Deadlines are looked at by every call that takes, adds or expires,
// never by a timer: an idle runner empties the queue at once, and a busy one calls expire() while it waits
// for the device. Invariant: a job is answered by the call that removes it, outside the lock. Thread: safe
// from any thread; take() is for one runner.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>

#include "hw/agent/job.h"
#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace faisca::agent {

class Queue {
 public:
  Queue(std::size_t capacity, const Clock& clock) : capacity_(capacity), clock_(clock) {}

  // kResourceExhausted if full, kUnavailable after close(), kDeadlineExceeded if it is too late already; the
  // job is then not taken over.
  Status add(JobPtr job);
  // Blocks until there is a job; nullptr after close().
  JobPtr take();
  // Marks the job as cancelled, and answers it if it still waits.
  void cancel(const JobPtr& job);
  // Answers the jobs whose deadline has passed.
  void expire();
  // Answers what waits with kUnavailable and wakes the runner for good.
  void close();
  std::size_t size() const;

 private:
  std::deque<JobPtr> take_expired();  // needs mutex_

  const std::size_t capacity_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<JobPtr> jobs_;  // guarded by mutex_
  bool closed_ = false;      // guarded by mutex_
};

}  // namespace faisca::agent
