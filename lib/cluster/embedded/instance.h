// One running copy of a function: a watchdog process with its sockets, its output and its readiness.
// Owned by the supervisor's thread, which waits for the descriptors and calls the on_… methods.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/cluster/cluster.h"
#include "lib/cluster/embedded/decide.h"
#include "lib/cluster/embedded/embedded.h"
#include "lib/cluster/embedded/log_file.h"
#include "lib/cluster/embedded/plan.h"
#include "lib/cluster/embedded/probe.h"
#include "lib/process/spawn.h"
#include "lib/process/wait.h"

namespace faisca::cluster {

class Instance {
 public:
  // Binds the sockets and starts the process. `id` is unique for ever.
  static Result<std::unique_ptr<Instance>> start(PlanPtr plan, std::string id,
                                                 const EmbeddedSettings& settings, SteadyTime now);

  const std::string& id() const { return id_; }
  Phase phase() const { return phase_; }
  pid_t pid() const { return child_.pid; }
  SteadyTime ready_since() const { return ready_since_; }
  ObservedInstance observed() const {
    return {id_, plan_->deployment.generation, phase_, since_, unanswered_};
  }
  Endpoint endpoint() const { return {id_, "127.0.0.1", port_}; }

  int pidfd() const { return child_.pidfd.get(); }
  int output_fd() const { return output_.get(); }

  // Reads what there is. False: nothing will come any more.
  bool on_output(WallTime now);

  // A new probe is due: makes one; its descriptor and the events to wait for.
  Probe* start_probe(SteadyTime now);
  Probe* probe() { return probe_ ? &*probe_ : nullptr; }
  // The probe's descriptor is ready. True when the instance has just become ready; when the probe failed,
  // `next_probe` is set. A ready instance is probed again every health period.
  bool on_probe(SteadyTime now);
  std::optional<SteadyTime> next_probe() const { return next_probe_; }

  void drain(SteadyTime now);                     // SIGTERM
  void kill(SteadyTime now, std::string reason);  // SIGKILL to its whole group

  // The process has ended: reaps it, kills what is left of its group, reads the last output. "exited with
  // status 1: last line".
  std::string on_exit(WallTime now);
  // Empty unless it ended without being asked to.
  bool was_asked_to_end() const { return asked_to_end_; }

 private:
  Instance(PlanPtr plan, std::string id, std::filesystem::path log, const EmbeddedSettings& settings,
           SteadyTime now)
      : plan_(std::move(plan)),
        id_(std::move(id)),
        log_(std::move(log), settings.log_bytes),
        health_period_(settings.health_period),
        since_(now),
        next_probe_(now) {}
  void enter(Phase phase, SteadyTime now);

  PlanPtr plan_;
  std::string id_;
  LogFile log_;
  const Duration health_period_;
  process::Child child_;
  UniqueFd output_;  // read end of its stdout and stderr
  uint16_t port_ = 0;
  Phase phase_ = Phase::kStarting;
  SteadyTime since_;
  SteadyTime ready_since_{};
  std::optional<SteadyTime> unanswered_;  // the first of the probes since the last answer
  std::optional<Probe> probe_;
  std::optional<SteadyTime> next_probe_;
  std::chrono::milliseconds probe_pause_{2};
  bool asked_to_end_ = false;
  std::string kill_reason_;
  std::filesystem::path lock_file_;
};

}  // namespace faisca::cluster
