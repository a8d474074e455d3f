// The whole plugin, wired: agent → slots for the kubelet, programs for the agent, OffloadDevice and statuses
// for the API server.
//
// Threads: one looks after the agent and never waits for the network (so an API server that hangs does not
// keep the kubelet from hearing of a dead device), one writes to the API server; the informer, the kubelet's
// session and gRPC have their own. All end in stop(). Everything passed in outlives it.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "deviceplugin/device/announcer.h"
#include "deviceplugin/kubelet/slot_board.h"
#include "deviceplugin/programs/keeper.h"
#include "lib/kube/informer.h"

namespace faisca::deviceplugin {

struct StoredProgram {
  std::int64_t generation = 0;
  std::shared_ptr<const api::OffloadProgram> program;
};

class Plugin {
 public:
  struct Settings {
    DeviceIdentity identity;
    Duration interval = std::chrono::seconds(10);  // of heartbeats
    std::chrono::milliseconds look{1000};          // at the agent
  };
  Plugin(kube::Client& client, Agent& agent, SlotBoard& board, const Clock& clock, Settings settings);
  ~Plugin() { stop(); }

  void start();
  void stop();
  ObservedPtr observed() const { return keeper_.observed(); }  // of the last look at the agent; never null

 private:
  void look_after_agent(const std::stop_token& stop);
  void write(const std::stop_token& stop);
  void pause(const std::stop_token& stop);
  Wanted wanted() const;

  SlotBoard& board_;
  const Settings settings_;
  Keeper keeper_;
  Announcer announcer_;  // of writer_
  kube::Informer<StoredProgram> programs_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool changed_ = false;  // guarded by mutex_: a program has come, gone or changed
  std::jthread agent_thread_, writer_;
};

}  // namespace faisca::deviceplugin
