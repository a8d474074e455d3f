// Logs that are followed: a thread of their own waits for the cluster, a reactor waits for the client, and a
// bounded buffer lies between them.
//
// Thread: `start` from any; a LogStream's members from any. `wake` runs on the stream's thread. The cluster
// must outlive the LogStreams.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "lib/cluster/cluster.h"

namespace faisca::gateway {

class LogStream {
 public:
  LogStream(cluster::LogQuery query, std::function<void()> wake)
      : query_(std::move(query)), wake_(std::move(wake)) {}

  // Lines that have come, as they go to the client; "" when there are none now. Ended: no more will come.
  struct Part {
    std::string lines;
    bool ended = false;
    Status outcome = {};  // when ended: why
  };
  Part take();

  // No more is wanted; `wake` is not called after this.
  void cancel();

 private:
  friend class LogStreams;
  static constexpr size_t kMostBytes = 256u << 10;  // then the cluster waits for the client

  void run(cluster::Cluster& cluster);
  bool put(const cluster::LogLine& line);
  void tell();

  cluster::LogQuery query_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable_any room_;
  std::function<void()> wake_;  // guarded by mutex_
  std::string lines_;           // guarded by mutex_
  bool told_ = false;           // wake_ was called since the last take; guarded by mutex_
  bool ended_ = false;          // guarded by mutex_
  Status outcome_;              // guarded by mutex_
};

class LogStreams {
 public:
  static constexpr size_t kMost = 100;  // at a time: each has a thread

  explicit LogStreams(cluster::Cluster& cluster) : cluster_(cluster) {}
  ~LogStreams() { stop(); }

  // Null when there are kMost.
  std::shared_ptr<LogStream> start(cluster::LogQuery query, std::function<void()> wake);
  // Cancels all and waits for their threads; none can be started after it.
  void stop();

 private:
  struct Running {
    std::shared_ptr<LogStream> stream;
    std::thread thread;
  };
  void drop_ended();

  cluster::Cluster& cluster_;
  std::mutex mutex_;
  std::list<Running> running_;  // guarded by mutex_
  bool stopped_ = false;        // guarded by mutex_
};

}  // namespace faisca::gateway
