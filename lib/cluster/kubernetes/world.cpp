#include "lib/cluster/kubernetes/world.h"

#include <algorithm>
#include <iterator>

namespace faisca::cluster {

using kube::ObjectKey;

// In the order of ids, each once: while a pod moves from one slice to another it may be in both.
World::Endpoints World::endpoints_of(const ObjectKey& function) const {
  Endpoints all;
  const auto found = slices_.find(function);
  if (found == slices_.end()) return all;
  for (const auto& [name, endpoints] : found->second)
    all.insert(all.end(), endpoints.begin(), endpoints.end());
  std::ranges::sort(all, {}, &Endpoint::id);
  const auto rest = std::ranges::unique(all, {}, &Endpoint::id);
  all.erase(rest.begin(), rest.end());
  return all;
}

void World::put_function(FunctionState state) {
  const ObjectKey key{state.name_space(), state.name()};
  state.ready = endpoints_of(key);
  FunctionStatePtr& known = functions_[key];
  if (known && same(*known, state)) return;
  known = std::make_shared<const FunctionState>(std::move(state));
  changed_.insert(key);
}

void World::remove_function(const ObjectKey& key) {
  if (functions_.erase(key) > 0) changed_.insert(key);
}

void World::endpoints_changed(const ObjectKey& function) {
  const auto found = functions_.find(function);
  if (found == functions_.end()) return;
  Endpoints ready = endpoints_of(function);
  if (ready == found->second->ready) return;
  FunctionState state = *found->second;
  state.ready = std::move(ready);
  found->second = std::make_shared<const FunctionState>(std::move(state));
  changed_.insert(function);
}

void World::put_slice(const ObjectKey& key, Slice slice) {
  const auto known = function_of_.find(key);
  if (known != function_of_.end() && known->second != slice.function) remove_slice(key);
  function_of_[key] = slice.function;
  slices_[slice.function][key.name] = std::move(slice.ready);
  endpoints_changed(slice.function);
}

void World::remove_slice(const ObjectKey& key) {
  const auto known = function_of_.find(key);
  if (known == function_of_.end()) return;
  const ObjectKey function = known->second;
  function_of_.erase(known);
  const auto slices = slices_.find(function);
  slices->second.erase(key.name);
  if (slices->second.empty()) slices_.erase(slices);
  endpoints_changed(function);
}

std::vector<ObjectKey> World::functions() const {
  std::vector<ObjectKey> keys;
  for (const auto& [key, state] : functions_) keys.push_back(key);
  return keys;
}

std::vector<ObjectKey> World::slices() const {
  std::vector<ObjectKey> keys;
  for (const auto& [key, function] : function_of_) keys.push_back(key);
  return keys;
}

void World::update(Snapshot& snapshot) {
  for (const ObjectKey& key : changed_) {
    const auto found = functions_.find(key);
    if (found == functions_.end()) {
      erase(snapshot, key.name, key.space);
    } else {
      put(snapshot, found->second);
    }
  }
  changed_.clear();
}

}  // namespace faisca::cluster
