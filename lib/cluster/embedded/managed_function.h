// A deployed function with its instances: carries out what decide() says and tells why when it is not ready.
// Owned by the supervisor's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/backoff.h"
#include "lib/cluster/cluster.h"
#include "lib/cluster/embedded/instance.h"

namespace faisca::cluster {

class ManagedFunction {
 public:
  ManagedFunction(PlanPtr plan, int replicas, const EmbeddedSettings& settings);

  const std::string& name() const { return plan_->deployment.function.metadata.name; }
  void change(PlanPtr plan, SteadyTime now);
  void scale(int replicas) { replicas_ = replicas; }
  // No replicas any more; nothing starts again. `drain_limit` bounds the end.
  void end(Duration drain_limit);
  bool ended() const { return ending_ && instances_.empty(); }
  bool ending() const { return ending_; }

  struct Hooks {
    std::function<std::string()> new_id_suffix;
    std::function<void(Instance&)> started;  // watch its descriptors
  };
  // Starts, drains and kills as decided. When to call it again at the latest.
  std::optional<SteadyTime> reconcile(SteadyTime now, const Hooks& hooks);

  void on_ready() { failure_.clear(); }
  // Takes the instance, whose process has ended, out.
  std::unique_ptr<Instance> on_exit(Instance& instance, SteadyTime now, WallTime wall);

  const std::vector<std::unique_ptr<Instance>>& instances() const { return instances_; }
  FunctionState state() const;

 private:
  void failed(std::string why, bool was_stable, SteadyTime now);
  Instance* find(const std::string& id);

  const EmbeddedSettings& settings_;
  PlanPtr plan_;
  int replicas_;
  bool ending_ = false;
  Duration drain_limit_;
  Backoff backoff_;
  SteadyTime start_after_{};
  std::string failure_;  // of the last start or the last instance that ended by itself
  std::vector<std::unique_ptr<Instance>> instances_;  // oldest first
};

}  // namespace faisca::cluster
