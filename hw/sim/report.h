// What a run is told as: figures from the packets' fates, as text and as JSON.
//
// All times are cycles of the simulated RTL at an assumed clock of 200 MHz, and both forms say so. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hw/agent/device/packet_device.h"
#include "hw/sim/comparison.h"
#include "hw/sim/simulation.h"

namespace faisca::sim {

struct Latency {
  double p50_ns = 0, p99_ns = 0, max_ns = 0;
};

struct MapUse {
  std::string name;
  std::string type;
  std::uint64_t entries = 0;
  std::uint32_t max_entries = 0;
};

struct Report {
  std::string program;
  std::uint64_t offered = 0, accepted = 0, sent = 0, to_host = 0;  // packets
  std::map<std::string, std::uint64_t> dropped;                    // by cause; verdicts are causes too
  std::map<std::string, std::uint64_t> verdicts;
  double offered_mpps = 0, processed_mpps = 0;  // 0: one packet at a time
  double cycles_per_packet = 0;                 // of an engine, without idling
  std::optional<Latency> latency;               // of packets that left
  std::vector<MapUse> maps;
  device::Activity activity;
  struct Swap {
    std::uint64_t packet = 0, lost = 0, cycles = 0;  // packets dropped by the device around the exchange
  };
  std::optional<Swap> swap;
  struct Judged {
    std::string oracle;
    Comparison comparison;
    // At the given rate packets differed that agree when they come one at a time.
    std::optional<Comparison> overlapping;
  };
  std::optional<Judged> judged;
  std::uint64_t cycles = 0;
  double host_seconds = 0;
};

// Figures of a finished run; maps as read from the device.
Report make_report(Simulation& simulation, const std::vector<MapContents>& maps, bool serial);

// p in 0 … 1 of `values`, which are reordered; 0 if there are none.
double percentile(std::vector<std::uint64_t>& values, double p);

std::string report_text(const Report& report);
std::string report_json(const Report& report);

}  // namespace faisca::sim
