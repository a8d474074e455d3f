#include "gateway/route/table.h"

#include <algorithm>

namespace faisca::gateway {
namespace {

std::string key_of(const cluster::FunctionState& state, const std::string& default_namespace) {
  if (state.name_space() == default_namespace) return state.name();
  return state.name() + "." + state.name_space();
}

// "hello" of "hello.NAMESPACE"; empty if it is not of that namespace.
std::string_view name_in(std::string_view called, std::string_view name_space) {
  if (!called.ends_with(name_space)) return {};
  called.remove_suffix(name_space.size());
  if (!called.ends_with('.')) return {};
  called.remove_suffix(1);
  return called;
}

std::vector<InstancePtr> instances_of(const cluster::FunctionState& state, const Entry* old) {
  std::vector<InstancePtr> instances;
  instances.reserve(state.ready.size());
  for (const cluster::Endpoint& endpoint : state.ready) {
    InstancePtr instance;
    if (old != nullptr) {
      const auto same = std::ranges::find_if(
          old->instances, [&](const InstancePtr& known) { return known->endpoint == endpoint; });
      if (same != old->instances.end()) instance = *same;
    }
    instances.push_back(instance ? std::move(instance) : std::make_shared<Instance>(endpoint));
  }
  return instances;
}

}  // namespace

const EntryPtr* Table::find(std::string_view called) const {
  auto found = functions.find(called);
  for (const std::string_view name_space :
       {std::string_view(default_namespace), std::string_view(api::kDefaultNamespace)}) {
    if (found != functions.end()) break;
    const std::string_view name = name_in(called, name_space);
    // A name with a dot left is a key of another namespace.
    if (!name.empty() && name.find('.') == std::string_view::npos) found = functions.find(name);
  }
  return found == functions.end() ? nullptr : &found->second;
}

TablePtr build_table(const cluster::Snapshot& snapshot, const Table& previous, const MetricsOf& metrics_of) {
  auto table = std::make_shared<Table>();
  table->version = snapshot.version;
  table->default_namespace = snapshot.default_namespace;
  table->functions.reserve(snapshot.functions.size());
  for (const cluster::FunctionStatePtr& state : snapshot.functions) {
    std::string key = key_of(*state, snapshot.default_namespace);
    const auto known = previous.functions.find(key);
    const Entry* old = known == previous.functions.end() ? nullptr : known->second.get();
    if (old != nullptr && old->state == state) {
      table->functions.emplace(old->key, known->second);
      continue;
    }
    auto entry = std::make_shared<Entry>();
    entry->key = std::move(key);
    entry->state = state;
    entry->metrics = metrics_of(*state);
    entry->instances = instances_of(*state, old);
    const std::string_view owned = entry->key;
    table->functions.emplace(owned, std::move(entry));
  }
  return table;
}

}  // namespace faisca::gateway
