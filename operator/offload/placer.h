// Keeps every offloaded function placed: follows devices and programs in the API server, and tells whose
// placement or program has changed. Decisions are placement.h's and liveness.h's.
//
//   Placer placer(client, clock);
//   placer.on_change([&](const kube::ObjectKey& function) { queue.add(function); });
//   placer.start();
//   … placer.place(function, replicas) in the reconcile of a Function; its OffloadProgram's spec.device is
//   the record …
//
// After a restart of the operator functions stay where their OffloadPrograms say. A function that was not
// placed by this process yet counts with what its OffloadProgram holds, so that nobody else gets its ports
// meanwhile.
//
// Thread: place, drop and silent from any, without I/O. on_change's function is called on threads of the
// placer's informers and its own, and must be quick. Use it on the leader only: what another process decides
// is seen only when it was not decided here before.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "api/types/function/function.h"
#include "lib/base/clock.h"
#include "lib/kube/client.h"
#include "lib/kube/informer.h"
#include "operator/offload/marker.h"
#include "operator/offload/rows.h"

namespace faisca::offload {

struct PlacerSettings {
  Duration grace = std::chrono::seconds(30);  // without a good heartbeat: then functions move
  std::chrono::milliseconds look{1000};       // at the time
  std::vector<std::string> namespaces = {};   // of functions; empty: all
};

class Placer {
 public:
  Placer(kube::Client& client, const Clock& clock, PlacerSettings settings = {});
  ~Placer() { stop(); }

  void on_change(std::function<void(const kube::ObjectKey& function)> changed) {
    changed_ = std::move(changed);
  }
  void start();
  void stop();
  // Before that, do not place: functions would be moved for nothing.
  bool wait_synced(std::chrono::milliseconds longest) const;

  // `instances`: of a mem function, running or to be started. `moved_from` is told once. Errors are the
  // object's: kInvalidArgument and the like, as the webhook words them.
  Result<Placement> place(const api::Function& function, int instances);
  // The Function is gone, or has no offload any more.
  void drop(const kube::ObjectKey& function);
  // Devices that are gone by the clock but still say that they are ready.
  std::vector<SilentDevice> silent() const;

  // Looks at the time: what the placer's thread does. For tests.
  void look();

 private:
  struct Entry {
    Demand demand;
    std::size_t object_hash = 0;  // of what demand's needs were read from
    bool fed = false;             // by place(); else made from the OffloadProgram
    std::optional<Placement> placement;
  };
  using Changed = std::vector<kube::ObjectKey>;
  using Programs = kube::Informer<ProgramRow>;

  void run(const std::stop_token& stop);
  void tell(const Changed& changed) const;
  // All need mutex_.
  bool see_devices();
  void see_programs();
  Changed decide();
  Programs::ItemPtr program(const kube::ObjectKey& function) const;

  const Clock& clock_;
  const PlacerSettings settings_;
  std::function<void(const kube::ObjectKey&)> changed_;
  mutable std::mutex mutex_;
  LivenessTracker tracker_;                   // guarded by mutex_
  std::vector<DeviceState> devices_;          // guarded by mutex_
  std::map<kube::ObjectKey, Entry> entries_;  // guarded by mutex_
  kube::Informer<DeviceRow> device_rows_;
  std::vector<std::unique_ptr<Programs>> program_rows_;  // one a namespace
  std::jthread thread_;
};

}  // namespace faisca::offload
