// One revision of a function, ready to be started: everything was checked before. Immutable; shared by the
// supervisor and the instances that run it, so that its files stay as long as they are used.
#pragma once

#include <memory>
#include <string>

#include "lib/base/result.h"
#include "lib/cluster/embedded/artifacts.h"
#include "lib/cluster/embedded/store.h"

namespace faisca::cluster {

struct EmbeddedSettings;

struct Plan {
  Deployment
      deployment;  // its `replicas` are those at the time of making; the supervisor has the present ones
  std::string watchdog;  // path of the program
  std::vector<std::string> arguments;
  std::string folder;  // working folder of watchdog and handler
  std::string object;  // path of the eBPF object; empty without offload
  std::string broken;  // why it cannot be started, if it cannot; then only `deployment` is filled in
  ArtifactStore::LeasePtr files;  // may be null
};
using PlanPtr = std::shared_ptr<const Plan>;

// Prepares the files and finds the handler. kUnimplemented for what this platform cannot run (images, other
// modes), kInvalidArgument for a handler that is missing or not executable.
Result<PlanPtr> make_plan(const Deployment& deployment, const EmbeddedSettings& settings,
                          ArtifactStore& artifacts);

}  // namespace faisca::cluster
