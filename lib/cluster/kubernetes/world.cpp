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

FunctionStatePtr World::find(const ObjectKey& function) const {
  const auto found = functions_.lower_bound({function, Origin::kFaisca});
  return found != functions_.end() && found->first.first == function ? found->second : nullptr;
}

std::optional<Origin> World::origin_of(const ObjectKey& function) const {
  const auto found = functions_.lower_bound({function, Origin::kFaisca});
  if (found == functions_.end() || found->first.first != function) return std::nullopt;
  return found->first.second;
}

void World::put_function(FunctionState state, Origin origin) {
  const ObjectKey key{state.name_space(), state.name()};
  state.ready = endpoints_of(key);
  FunctionStatePtr& known = functions_[{key, origin}];
  if (known && same(*known, state)) return;
  known = std::make_shared<const FunctionState>(std::move(state));
  changed_.insert(key);
}

void World::remove_function(const ObjectKey& key, Origin origin) {
  if (functions_.erase({key, origin}) > 0) changed_.insert(key);
}

void World::endpoints_changed(const ObjectKey& function) {
  const Endpoints ready = endpoints_of(function);
  for (const Origin origin : {Origin::kFaisca, Origin::kOpenFaas}) {
    const auto found = functions_.find({function, origin});
    if (found == functions_.end() || ready == found->second->ready) continue;
    FunctionState state = *found->second;
    state.ready = ready;
    found->second = std::make_shared<const FunctionState>(std::move(state));
    changed_.insert(function);
  }
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

std::vector<ObjectKey> World::functions(Origin origin) const {
  std::vector<ObjectKey> keys;
  for (const auto& [key, state] : functions_)
    if (key.second == origin) keys.push_back(key.first);
  return keys;
}

std::vector<ObjectKey> World::slices() const {
  std::vector<ObjectKey> keys;
  for (const auto& [key, function] : function_of_) keys.push_back(key);
  return keys;
}

void World::update(Snapshot& snapshot) {
  for (const ObjectKey& key : changed_) {
    if (FunctionStatePtr state = find(key)) {
      put(snapshot, std::move(state));
    } else {
      erase(snapshot, key.name, key.space);
    }
  }
  changed_.clear();
}

}  // namespace faisca::cluster
