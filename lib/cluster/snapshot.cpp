#include "lib/cluster/snapshot.h"

#include <algorithm>

namespace faisca::cluster {
namespace {

// The first function that is not before the one named.
template <class List>
auto place_of(List& list, std::string_view name_space, std::string_view name) {
  return std::partition_point(list.begin(), list.end(), [&](const FunctionStatePtr& state) {
    return Snapshot::before(*state, name_space, name);
  });
}

}  // namespace

bool same(const FunctionState& a, const FunctionState& b) {
  return a.generation == b.generation && a.replicas == b.replicas && a.reason == b.reason &&
         a.created_at == b.created_at && a.ready == b.ready && a.function == b.function;
}

bool Snapshot::before(const FunctionState& state, std::string_view name_space, std::string_view name) {
  if (const int order = std::string_view(state.name_space()).compare(name_space); order != 0)
    return order < 0;
  return state.name() < name;
}

FunctionStatePtr Snapshot::find(std::string_view name, std::string_view name_space) const {
  if (name_space.empty()) name_space = default_namespace;
  const auto place = place_of(functions, name_space, name);
  const bool found =
      place != functions.end() && (*place)->name() == name && (*place)->name_space() == name_space;
  return found ? *place : nullptr;
}

void put(Snapshot& snapshot, FunctionStatePtr state) {
  const auto place = place_of(snapshot.functions, state->name_space(), state->name());
  const bool known = place != snapshot.functions.end() && (*place)->name() == state->name() &&
                     (*place)->name_space() == state->name_space();
  if (known) {
    *place = std::move(state);
  } else {
    snapshot.functions.insert(place, std::move(state));
  }
}

void erase(Snapshot& snapshot, std::string_view name, std::string_view name_space) {
  const auto place = place_of(snapshot.functions, name_space, name);
  if (place != snapshot.functions.end() && (*place)->name() == name && (*place)->name_space() == name_space)
    snapshot.functions.erase(place);
}

}  // namespace faisca::cluster
