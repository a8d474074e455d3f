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
  std::shared_ptr<const cluster::FunctionState> state;
  std::vector<InstancePtr> instances;
  FunctionMetrics* metrics = nullptr;  // owned by Metrics, lives as long as the gateway
};
using EntryPtr = std::shared_ptr<const Entry>;

struct Table {
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  uint64_t version = 0;  // of the snapshot
  std::unordered_map<std::string, EntryPtr, Hash, std::equal_to<>> functions;

  const EntryPtr* find(std::string_view name) const;
};
using TablePtr = std::shared_ptr<const Table>;

TablePtr build_table(const cluster::Snapshot& snapshot, const Table& previous,
                     const std::function<FunctionMetrics*(const std::string& name)>& metrics_of);

}  // namespace faisca::gateway
