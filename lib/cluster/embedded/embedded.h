// Cluster on this machine: Function files in a folder, one supervised watchdog process per instance.
//
//   HOME/lock                        held while open; names the owner's pid
//   HOME/functions/NAME.yaml         what is deployed, replaced atomically
//   HOME/artifacts/SHA256/…          unpacked sources and eBPF objects, shared by content
//   HOME/logs/NAME/INSTANCE.log      output of instances, each line with its time; rotated
//   HOME/run/INSTANCE.lock           watchdog's lock file
//
// Thread: one supervisor thread starts, watches and stops processes and publishes snapshots; commands of
// Cluster may come from any thread. Destroying the cluster closes it: every process is stopped, bounded by
// the drain time, no child or socket is left. If this process is killed its instances die with it
// (PR_SET_PDEATHSIG); what still slipped through is found by its environment (FAISCA_HOME, FAISCA_INSTANCE)
// and killed at the next open. The process becomes a child subreaper (prctl), so that what handlers leave
// behind can be reaped.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "lib/base/backoff.h"
#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/cluster/cluster.h"

namespace faisca::cluster {

struct EmbeddedSettings {
  std::filesystem::path home;
  std::filesystem::path watchdog;  // path of faisca-watchdog
  std::filesystem::path
      watchdog_offload;          // path of faisca-watchdog-offload; only needed when a function has `offload`
  std::string agent;             // gRPC address of the agent (unix:PATH), handed to watchdog_offload
  const Clock* clock = nullptr;  // null: the real one. Outlives the cluster

  std::chrono::milliseconds ready_timeout{10'000};  // from start to ready; longer is a failed start
  std::chrono::milliseconds drain_timeout{5'000};   // from SIGTERM to SIGKILL
  std::chrono::milliseconds health_period{10'000};  // between looks whether a ready instance still answers
  std::chrono::milliseconds silence_timeout{
      30'000};  // without an answer for so long it is killed and replaced
  Backoff::Settings restart{std::chrono::milliseconds(100), std::chrono::milliseconds(10'000), 2.0};
  std::chrono::milliseconds stable_after{10'000};  // an instance that lived longer starts the back-off anew
  uint64_t log_bytes = 5u << 20;                   // of one log file; one older file is kept beside it
};

// kFailedPrecondition when another platform owns `home` (names its pid). A function file that cannot be read
// is set aside as NAME.yaml.corrupt, reported in the log, and does not stop the others.
Result<std::unique_ptr<Cluster>> open_embedded(EmbeddedSettings settings);

}  // namespace faisca::cluster
