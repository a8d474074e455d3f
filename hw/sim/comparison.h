// Compares what the device did with what an oracle says: verdict, where each packet went, its bytes, and the
// maps at the end.
//
// Packets are judged in the order in which the device took them. Two packets that are in the device at a time
// may meet in a map, as on two processors; then a later packet may not see what an earlier one wrote.
// Per-CPU maps are compared by the sum of their 8-byte words (4-byte ones if their size is no multiple of 8)
// over all engines or processors. Pure, but for the oracle that is asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hw/sim/oracle.h"
#include "hw/sim/simulation.h"
#include "lib/base/result.h"

namespace faisca::sim {

struct Difference {
  std::optional<std::size_t> packet;  // index; nothing: a map entry
  std::string text;                   // what was expected and what came, a few lines
};

struct Comparison {
  std::uint64_t packets = 0;       // compared
  std::uint64_t not_compared = 0;  // came in while the program was being exchanged
  std::uint64_t different = 0;     // packets and map entries
  std::uint64_t map_entries = 0;   // compared
  std::optional<Difference> first;
};

// Why `fate` is not what `expected` says, or nothing.
std::optional<std::string> differs(const Judgement& expected, const Fate& fate);

// Per-CPU values as their sum, others as they are; arrays' and per-CPU arrays' entries that are all zero are
// left out, because the kernel lists every index.
std::vector<MapEntry> comparable_entries(const MapContents& map);

// Counts into `comparison`; LRU_HASH maps are left out, for eviction is approximate on the device.
void compare_maps(const std::vector<MapContents>& expected, const std::vector<MapContents>& device,
                  Comparison& comparison);

// `before` judges the packets until the program was exchanged, `after` (nullptr: there is no second program)
// the others; its maps are filled from those of `before`.
Result<Comparison> compare(Simulation& simulation, const std::vector<Packet>& packets, Oracle& before,
                           Oracle* after);

}  // namespace faisca::sim
