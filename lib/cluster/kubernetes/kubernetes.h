// Cluster on Kubernetes: functions are Function resources, instances are the pods behind their
// EndpointSlices.
//
// Watches Functions and EndpointSlices (and Namespaces, when no namespaces are named) and builds snapshots of
// them off the hot path (world.h). When the API server goes away the last snapshot stays, and requests go on;
// commands fail with kUnavailable. A Function of openfaas.com/v1 is served where there is none of ours of its
// name, and changed by kubectl only. Commands write Function resources as field manager "faisca-gateway"; the
// operator does the rest. Rights that it needs, each with its reason:
// docs/design/0014-gateway-on-kubernetes.md.
//
// Thread: one per watch and one that builds snapshots; commands run on their callers' threads. Ownership: the
// client must outlive it. Destroying it ends the watches.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "lib/cluster/cluster.h"
#include "lib/kube/client.h"

namespace faisca::cluster {

struct KubernetesSettings {
  std::string default_namespace = "default";  // of functions that are named without one
  std::vector<std::string> namespaces;        // the only ones that are watched; empty: all
  bool openfaas = false;                      // serve Functions of openfaas.com/v1 too
  // Snapshots are built at most this often: a burst of changes costs a few of them.
  std::chrono::milliseconds coalesce{10};
  // A command that changed something waits at most so long until the snapshot shows it.
  std::chrono::milliseconds read_own_writes{1'000};
  std::chrono::milliseconds command_timeout{10'000};  // of one request to the API server
  std::chrono::milliseconds log_look{2'000};          // between looks for new pods of a followed function
};

// Does not wait for the first view of the cluster: `ready` tells when it is there.
std::unique_ptr<Cluster> open_kubernetes(kube::Client& client, KubernetesSettings settings);

}  // namespace faisca::cluster
