// The one thread that starts, watches and stops instances, and publishes snapshots.
//
// Invariants: 1. only its thread touches functions and instances; commands are closures that it runs in
// order;
//             2. a command returns after a snapshot that shows its effect was published;
//             3. an instance is in no snapshot before it answered ready, nor after it was sent SIGTERM.
// The thread lives as long as any instance (their PR_SET_PDEATHSIG is tied to it).
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "lib/cluster/cluster.h"
#include "lib/cluster/embedded/managed_function.h"
#include "lib/cluster/publisher.h"

namespace faisca::cluster {

class Supervisor {
 public:
  // `settings` outlives it; `clock` in it is not null. `gone`: called on the thread when a removed function's
  // last instance has ended.
  static Result<std::unique_ptr<Supervisor>> start(const EmbeddedSettings& settings,
                                                   std::function<void(const std::string&)> gone);
  ~Supervisor();  // ends every instance, waits for them, bounded by the drain time

  void put(PlanPtr plan, int replicas);  // new, or a change of one that is there
  void scale(const std::string& name, int replicas);
  void remove(const std::string& name);

  SnapshotPtr snapshot() const { return publisher_.snapshot(); }
  Cluster::Subscription subscribe(std::function<void()> changed) {
    return publisher_.subscribe(std::move(changed));
  }

 private:
  struct Watched {
    ManagedFunction* function;
    Instance* instance;
  };

  Supervisor(const EmbeddedSettings& settings, std::function<void(const std::string&)> gone);
  void run();
  void command(std::function<void()> what);
  void run_commands(std::vector<std::function<void()>>& done);
  void stop_all();
  void wait_for_events();
  void handle(uint64_t token);
  void watch(ManagedFunction& function, Instance& instance);
  void watch_probe(uint64_t serial, Instance& instance);
  void on_exit(uint64_t serial, Watched watched);
  void reconcile_all();
  void start_due_probes();
  void drop_ended();
  void sweep();
  void publish();
  void wake_at(SteadyTime when);

  const EmbeddedSettings& settings_;
  const std::function<void(const std::string&)> gone_;
  UniqueFd epoll_;
  UniqueFd wakeup_;  // eventfd

  std::mutex command_mutex_;
  std::vector<std::function<void()>> commands_;  // guarded by command_mutex_

  Publisher publisher_;

  // Owned by the thread.
  std::vector<std::unique_ptr<ManagedFunction>> functions_;
  std::unordered_map<uint64_t, Watched> watched_;  // by serial
  uint64_t next_serial_ = 1;
  uint64_t last_id_ = 0;
  std::unordered_map<std::string, int> sweeps_;  // by ended instance: looks left for what it has left behind
  SteadyTime next_sweep_{};
  std::vector<pid_t> strays_;  // were killed, still to be reaped
  SteadyTime strays_until_{};
  std::optional<SteadyTime> wake_;
  bool changed_ = true;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace faisca::cluster
