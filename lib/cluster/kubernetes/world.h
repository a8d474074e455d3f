// Functions and their endpoints as the watches have told them so far, put together into the states of a
// snapshot: only what changed is made anew.
//
// Knows no time and no network. Thread: owned by one thread, or guarded by its owner.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/cluster/kubernetes/projection.h"
#include "lib/cluster/snapshot.h"

namespace faisca::cluster {

// Of which API a Function is. Where both have one of a name, ours counts.
enum class Origin : uint8_t { kFaisca, kOpenFaas };

class World {
 public:
  // `state` comes without endpoints, which are added here.
  void put_function(FunctionState state, Origin origin = Origin::kFaisca);
  void remove_function(const kube::ObjectKey& key, Origin origin = Origin::kFaisca);
  void put_slice(const kube::ObjectKey& key, Slice slice);
  void remove_slice(const kube::ObjectKey& key);

  std::vector<kube::ObjectKey> functions(Origin origin = Origin::kFaisca) const;
  // Of the one that counts; nothing if there is none.
  std::optional<Origin> origin_of(const kube::ObjectKey& function) const;
  std::vector<kube::ObjectKey> slices() const;

  // Since the last `update`.
  bool changed() const { return !changed_.empty(); }
  // Brings `snapshot`, which is as the last call left it, up to date.
  void update(Snapshot& snapshot);

 private:
  using Endpoints = std::vector<Endpoint>;

  Endpoints endpoints_of(const kube::ObjectKey& function) const;
  void endpoints_changed(const kube::ObjectKey& function);
  FunctionStatePtr find(const kube::ObjectKey& function) const;

  using Key = std::pair<kube::ObjectKey, Origin>;  // ours first
  std::map<Key, FunctionStatePtr> functions_;
  std::map<kube::ObjectKey, kube::ObjectKey> function_of_;              // by slice
  std::map<kube::ObjectKey, std::map<std::string, Endpoints>> slices_;  // by function and slice name
  std::set<kube::ObjectKey> changed_;                                   // functions
};

}  // namespace faisca::cluster
