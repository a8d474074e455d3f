#include "operator/offload/placement.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace faisca::offload {
namespace {

constexpr std::size_t kMostReasons = 16;

std::string numbers(const std::vector<int>& values) {
  std::string text;
  for (const int value : values) text += (text.empty() ? "" : ", ") + std::to_string(value);
  return text;
}

// A device with what was given away so far.
struct Room {
  const DeviceState* device = nullptr;
  int slots_used = 0;
  std::map<int, std::string> holders;  // port → function

  std::vector<int> ports_for(const Demand& demand) const {
    return demand.ports.empty() ? device->ports : demand.ports;
  }

  // Why the device cannot take the function; empty if it can.
  std::string refusal(const Demand& demand) const {
    if (device->instructions > 0 && demand.instructions > device->instructions)
      return "its programs have at most " + std::to_string(device->instructions) +
             " instructions, this one has " + std::to_string(demand.instructions);
    if (device->data_bytes > 0 && demand.data_bytes > device->data_bytes)
      return "it has " + std::to_string(device->data_bytes) + " bytes for globals and maps, this one needs " +
             std::to_string(demand.data_bytes);
    return demand.convention == api::Convention::kXdp ? port_refusal(demand) : slot_refusal(demand);
  }

  std::string slot_refusal(const Demand& demand) const {
    if (slots_used + demand.slots <= device->slots) return "";
    return std::to_string(std::max(0, device->slots - slots_used)) + " of its " +
           std::to_string(device->slots) + " slots are free, " + std::to_string(demand.slots) + " are needed";
  }

  std::string port_refusal(const Demand& demand) const {
    if (device->ports.empty()) return "it has no ports";
    for (const int port : ports_for(demand)) {
      if (std::find(device->ports.begin(), device->ports.end(), port) == device->ports.end())
        return "it has no port " + std::to_string(port) + "; its ports are " + numbers(device->ports);
      if (const auto holder = holders.find(port); holder != holders.end())
        return "port " + std::to_string(port) + " is taken by " + holder->second;
    }
    return "";
  }

  void give(const std::string& function, const Demand& demand) {
    if (demand.convention == api::Convention::kMem)
      slots_used += demand.slots;
    else
      for (const int port : ports_for(demand)) holders.emplace(port, function);
  }

  // How full it is, as a fraction that compares without division; then by name.
  bool emptier_than(const Room& other, api::Convention convention) const {
    const auto share = [&](const Room& room) {
      return convention == api::Convention::kMem
                 ? std::pair<std::int64_t, std::int64_t>(room.slots_used, room.device->slots)
                 : std::pair<std::int64_t, std::int64_t>(room.holders.size(), room.device->ports.size());
    };
    const auto [mine, my_total] = share(*this);
    const auto [its, its_total] = share(other);
    const std::int64_t left = mine * its_total, right = its * my_total;
    return left != right ? left < right : device->name < other.device->name;
  }
};

class Round {
 public:
  Round(const std::map<std::string, Demand>& demands, const std::vector<DeviceState>& devices)
      : demands_(demands) {
    for (const DeviceState& device : devices) rooms_[device.name].device = &device;
  }

  std::map<std::string, Placement> run() {
    keep(/*same_ports=*/true);
    keep(/*same_ports=*/false);
    for (const auto& [key, demand] : demands_)
      if (!placed_.contains(key)) find(key, demand);
    return std::move(placed_);
  }

 private:
  Room* current_room(const Demand& demand) {
    const auto found = rooms_.find(demand.current);
    return demand.current.empty() || found == rooms_.end() ? nullptr : &found->second;
  }

  // First those that want what they have: nobody may take it from them.
  void keep(bool same_ports) {
    for (const auto& [key, demand] : demands_) {
      Room* room = current_room(demand);
      if (!room || placed_.contains(key) || (demand.ports == demand.current_ports) != same_ports) continue;
      if (room->device->liveness == Liveness::kGone || !room->refusal(demand).empty()) continue;
      put(key, demand, *room);
    }
  }

  void find(const std::string& key, const Demand& demand) {
    Room* best = nullptr;
    std::vector<Refusal> refusals;
    for (auto& [name, room] : rooms_) {
      std::string reason = not_ready(*room.device);
      if (reason.empty()) reason = room.refusal(demand);
      if (!reason.empty()) {
        refusals.push_back({name, std::move(reason)});
      } else if (!best || room.emptier_than(*best, demand.convention)) {
        best = &room;
      }
    }
    if (best) return put(key, demand, *best);
    Placement& placement = placed_[key];
    placement.refusals = std::move(refusals);
    if (const Room* room = current_room(demand)) {
      placement.device = room->device->name;
      placement.node = room->device->node;
    }
  }

  static std::string not_ready(const DeviceState& device) {
    if (device.liveness == Liveness::kReady) return "";
    return device.why.empty() ? "it is not ready" : device.why;
  }

  void put(const std::string& key, const Demand& demand, Room& room) {
    room.give(key, demand);
    Placement& placement = placed_[key];
    placement.device = room.device->name;
    placement.node = room.device->node;
    placement.fits = true;
    if (!demand.current.empty() && demand.current != placement.device) placement.moved_from = demand.current;
  }

  const std::map<std::string, Demand>& demands_;
  std::map<std::string, Room> rooms_;  // by name
  std::map<std::string, Placement> placed_;
};

}  // namespace

std::string Placement::message() const {
  if (fits) return "";
  if (refusals.empty()) return "no device fits: there is none";
  std::string text = "no device fits: ";
  for (std::size_t i = 0; i < refusals.size() && i < kMostReasons; ++i)
    text += (i ? "; " : "") + refusals[i].device + ": " + refusals[i].reason;
  if (refusals.size() > kMostReasons)
    text += "; and " + std::to_string(refusals.size() - kMostReasons) + " more";
  return text;
}

std::map<std::string, Placement> place(const std::map<std::string, Demand>& demands,
                                       const std::vector<DeviceState>& devices) {
  return Round(demands, devices).run();
}

}  // namespace faisca::offload
