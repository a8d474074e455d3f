// Threads for what may block: cluster commands wait for disk, processes and network, and a reactor must not.
//
// Thread: `run` from any thread; jobs start in order, and with one thread run one after the other.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace faisca::gateway {

class Worker {
 public:
  static constexpr size_t kMostWaiting = 256;

  explicit Worker(size_t threads = 1);
  ~Worker();  // finishes what is queued

  // False when too many jobs wait; then `job` will not run.
  [[nodiscard]] bool run(std::function<void()> job);

 private:
  void loop();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;  // guarded by mutex_
  bool stopping_ = false;                   // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace faisca::gateway
