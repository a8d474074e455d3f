// One thread for what may block: cluster commands wait for disk and processes, and a reactor must not.
//
// Thread: `run` from any thread; jobs run one after the other, in order.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace faisca::gateway {

class Worker {
 public:
  static constexpr size_t kMostWaiting = 256;

  Worker() : thread_([this] { loop(); }) {}
  ~Worker();  // finishes what is queued

  // False when too many jobs wait; then `job` will not run.
  [[nodiscard]] bool run(std::function<void()> job);

 private:
  void loop();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;  // guarded by mutex_
  bool stopping_ = false;                   // guarded by mutex_
  std::thread thread_;
};

}  // namespace faisca::gateway
