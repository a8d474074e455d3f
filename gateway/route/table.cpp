#include "gateway/route/table.h"

#include <algorithm>

namespace faisca::gateway {

const EntryPtr* Table::find(std::string_view name) const {
  const auto found = functions.find(name);
  return found == functions.end() ? nullptr : &found->second;
}

TablePtr build_table(const cluster::Snapshot& snapshot, const Table& previous,
                     const std::function<FunctionMetrics*(const std::string& name)>& metrics_of) {
  auto table = std::make_shared<Table>();
  table->version = snapshot.version;
  table->functions.reserve(snapshot.functions.size());
  for (const auto& [name, state] : snapshot.functions) {
    const EntryPtr* old = previous.find(name);
    if (old != nullptr && (*old)->state == state) {
      table->functions.emplace(name, *old);
      continue;
    }
    auto entry = std::make_shared<Entry>();
    entry->state = state;
    entry->metrics = metrics_of(name);
    for (const cluster::Endpoint& endpoint : state->ready) {
      InstancePtr instance;
      if (old != nullptr) {
        const auto same = std::ranges::find_if(
            (*old)->instances, [&](const InstancePtr& known) { return known->endpoint.id == endpoint.id; });
        if (same != (*old)->instances.end()) instance = *same;
      }
      entry->instances.push_back(instance ? instance : std::make_shared<Instance>(endpoint));
    }
    table->functions.emplace(name, std::move(entry));
  }
  return table;
}

}  // namespace faisca::gateway
