// Made-up traffic: UDP over IPv4 in Ethernet, every packet of one size, addresses and ports taken from a
// number of flows in turn.
//
// Flow f of port p goes from 10.p.(f high).(f low) to 10.(p+1 mod ports).…, with a correct IPv4 checksum, and
// from MAC 02:00:00:pp:ff:ff to the one of the flow's other end, so that switches can learn and routers can
// route it. The same settings give the same bytes. Pure functions.
#pragma once

#include <cstdint>

#include "hw/sim/packet.h"
#include "lib/base/result.h"

namespace faisca::sim {

inline constexpr std::uint32_t kMinTrafficBytes = 42;  // Ethernet, IPv4 and UDP heads

struct TrafficSettings {
  std::uint32_t ports = 4;
  std::uint32_t flows = 1;  // for each port, 1 to 65,536
  std::uint32_t bytes = 60;
};

// kInvalidArgument, naming the setting.
Status check_traffic(const TrafficSettings& settings);

// Packet number `index` of `port`; its time is left 0. `settings` have passed check_traffic.
Packet make_packet(const TrafficSettings& settings, std::uint32_t port, std::uint64_t index);

}  // namespace faisca::sim
