#include "operator/offload/placer.h"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <utility>

#include "operator/offload/program.h"

namespace faisca::offload {
namespace {

std::size_t hash_of(const api::Offload& offload) {
  const std::hash<std::string> hash;
  return hash(offload.object) * 31 + hash(offload.program) * 7 + static_cast<std::size_t>(offload.convention);
}

kube::ReflectorSettings watching(const kube::Resource& resource, const std::string& space = "") {
  return {.resource = resource, .space = space};
}

}  // namespace

Placer::Placer(kube::Client& client, const Clock& clock, PlacerSettings settings)
    : clock_(clock),
      settings_(std::move(settings)),
      tracker_(settings_.grace),
      device_rows_(client, watching(kube::kOffloadDevices), device_row) {
  std::vector<std::string> spaces = settings_.namespaces;
  if (spaces.empty()) spaces.push_back("");
  for (const std::string& space : spaces)
    program_rows_.push_back(
        std::make_unique<Programs>(client, watching(kube::kOffloadPrograms, space), program_row));
  device_rows_.on_change([this](const kube::ObjectKey&) {
    if (wait_synced(std::chrono::milliseconds(0))) look();
  });
}

void Placer::start() {
  device_rows_.start();
  for (const auto& rows : program_rows_) rows->start();
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Placer::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  device_rows_.stop();
  for (const auto& rows : program_rows_) rows->stop();
}

bool Placer::wait_synced(std::chrono::milliseconds longest) const {
  const auto until = std::chrono::steady_clock::now() + longest;
  const auto left = [&] {
    return std::max(std::chrono::milliseconds(0), std::chrono::duration_cast<std::chrono::milliseconds>(
                                                      until - std::chrono::steady_clock::now()));
  };
  if (!device_rows_.wait_synced(left())) return false;
  return std::all_of(program_rows_.begin(), program_rows_.end(),
                     [&](const auto& rows) { return rows->wait_synced(left()); });
}

Result<Placement> Placer::place(const api::Function& function, int instances) {
  const api::Offload& offload = *function.spec.offload;
  const kube::ObjectKey key{function.metadata.name_space, function.metadata.name};
  const std::size_t hash = hash_of(offload);
  Changed changed;
  Placement placement;
  {
    std::unique_lock lock(mutex_);
    Entry& entry = entries_[key];
    Demand demand = entry.demand;
    if (!entry.fed || entry.object_hash != hash) {
      FAISCA_TRY(needs, needs_of(offload));
      demand.instructions = needs.instructions;
      demand.data_bytes = needs.data_bytes;
    }
    demand.convention = offload.convention;
    demand.ports = offload.ports;
    demand.slots = offload.convention == api::Convention::kMem ? std::max(1, instances) : 0;
    const bool known = entry.fed && entry.placement && demand == entry.demand;
    entry.demand = std::move(demand);
    entry.object_hash = hash;
    entry.fed = true;
    if (see_devices() || !known) changed = decide();
    std::erase(changed, key);
    placement = *entry.placement;
    entry.placement->moved_from.clear();
  }
  tell(changed);
  return placement;
}

void Placer::drop(const kube::ObjectKey& function) {
  Changed changed;
  {
    std::lock_guard lock(mutex_);
    if (entries_.erase(function) == 0) return;
    changed = decide();
    std::erase(changed, function);
  }
  tell(changed);
}

std::vector<SilentDevice> Placer::silent() const {
  std::vector<SilentDevice> silent;
  std::lock_guard lock(mutex_);
  for (const DeviceState& device : devices_) {
    const auto row = device_rows_.get({"", device.name});
    if (device.liveness == Liveness::kGone && row && row->value.sight.ready)
      silent.push_back({device.name, device.why});
  }
  return silent;
}

void Placer::look() {
  Changed changed;
  {
    std::lock_guard lock(mutex_);
    if (see_devices()) changed = decide();
  }
  tell(changed);
}

void Placer::run(const std::stop_token& stop) {
  std::mutex sleeping;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    std::unique_lock lock(sleeping);
    wake.wait_for(lock, stop, settings_.look, [] { return false; });
    if (!stop.stop_requested() && wait_synced(std::chrono::milliseconds(0))) look();
  }
}

void Placer::tell(const Changed& changed) const {
  if (changed_)
    for (const kube::ObjectKey& key : changed) changed_(key);
}

// True if the devices differ from what the last decision saw.
bool Placer::see_devices() {
  std::vector<DeviceState> now;
  for (const auto& item : device_rows_.all()) {
    DeviceState state = item->value.state;
    LivenessTracker::Verdict verdict = tracker_.look(state.name, item->value.sight, clock_);
    state.liveness = verdict.liveness;
    state.why = std::move(verdict.why);
    now.push_back(std::move(state));
  }
  for (const DeviceState& device : devices_)
    if (std::none_of(now.begin(), now.end(),
                     [&](const DeviceState& other) { return other.name == device.name; }))
      tracker_.forget(device.name);
  return std::exchange(devices_, now) != now;
}

// Functions that were not placed here yet hold what their OffloadPrograms say.
void Placer::see_programs() {
  std::erase_if(entries_, [&](const auto& entry) { return !entry.second.fed && !program(entry.first); });
  for (const auto& rows : program_rows_)
    for (const auto& item : rows->all()) {
      Entry& entry = entries_[item->key];
      const ProgramRow& row = item->value;
      if (!entry.fed)
        entry.demand = {.convention = row.convention,
                        .ports = row.ports,
                        .slots = row.convention == api::Convention::kMem ? 1 : 0};
      // What was decided here counts more than a copy that may be old.
      if (entry.placement && !entry.placement->device.empty()) continue;
      entry.demand.current = row.device;
      entry.demand.current_ports = row.ports;
    }
}

Placer::Changed Placer::decide() {
  see_programs();
  std::map<std::string, Demand> demands;
  std::map<std::string, kube::ObjectKey> keys;
  for (const auto& [key, entry] : entries_) {
    demands.emplace(key.text(), entry.demand);
    keys.emplace(key.text(), key);
  }
  Changed changed;
  for (auto& [text, placement] : offload::place(demands, devices_)) {
    const kube::ObjectKey& key = keys.at(text);
    Entry& entry = entries_.at(key);
    if (!entry.fed) continue;
    // Told until somebody has heard it.
    if (placement.moved_from.empty() && entry.placement && entry.placement->device == placement.device)
      placement.moved_from = entry.placement->moved_from;
    if (!entry.placement || *entry.placement != placement) changed.push_back(key);
    entry.demand.current = placement.device;
    if (placement.fits) entry.demand.current_ports = entry.demand.ports;
    entry.placement = std::move(placement);
  }
  return changed;
}

Placer::Programs::ItemPtr Placer::program(const kube::ObjectKey& function) const {
  for (const auto& rows : program_rows_)
    if (auto item = rows->get(function)) return item;
  return nullptr;
}

}  // namespace faisca::offload
