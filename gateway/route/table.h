// The route table: a snapshot of the cluster with the gateway's own counts beside it.
//
// A table is immutable but for its counters, and rebuilt when the cluster changes; instances that stay keep
// their Instance object, so requests in flight go on counting. Built off the hot path. Thread: build_table by
// one thread at a time; a Table is read by all.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/cluster/cluster.h"

namespace faisca::gateway {

class FunctionMetrics;  // gateway/metrics.h

// A ready instance and how many of this gateway's requests it works on.
struct Instance {
  explicit Instance(cluster::Endpoint where) : endpoint(std::move(where)) {}
  const cluster::Endpoint endpoint;
  std::atomic<int> in_flight{0};
};
using InstancePtr = std::shared_ptr<Instance>;

// A function as the data path sees it.
struct Entry {
  std::string key;  // NAME in the default namespace, NAME.NAMESPACE in others (neither has dots)
  std::shared_ptr<const cluster::FunctionState> state;
  std::vector<InstancePtr> instances;
  FunctionMetrics* metrics = nullptr;  // owned by Metrics, lives as long as the gateway
};
using EntryPtr = std::shared_ptr<const Entry>;

struct Table {
  uint64_t version = 0;                                      // of the snapshot
  std::string default_namespace;                             // of the snapshot
  std::unordered_map<std::string_view, EntryPtr> functions;  // by key, whose bytes the entry owns

  // `called` is NAME or NAME.NAMESPACE; null if there is none. OpenFaaS's clients always add ".openfaas-fn":
  // where that namespace has no such function it means the default one. A few hashes, no allocation.
  const EntryPtr* find(std::string_view called) const;
};
using TablePtr = std::shared_ptr<const Table>;

using MetricsOf = std::function<FunctionMetrics*(const cluster::FunctionState& function)>;
TablePtr build_table(const cluster::Snapshot& snapshot, const Table& previous, const MetricsOf& metrics_of);

}  // namespace faisca::gateway
