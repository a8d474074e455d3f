// A map's entries as JSON, for filling maps before a run and showing them after it.
//
//   [{"key": "0a000001", "value": "0300000000000000"}, …]                 hex, in memory order
//   [{"key": ["0x0a", …], "value": ["0x03", …]}, …]                       as `bpftool -j map dump` prints
//   [{"key": […], "values": [{"cpu": 0, "value": […]}, …]}, …]            the same of a per-CPU map
//
// Further members ("formatted") are ignored. Input is hostile: errors name the entry, counted from 0, and
// what is wrong with it (kInvalidArgument). Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace faisca::sim {

struct MapEntry {
  std::vector<std::uint8_t> key;
  // One value, or one for each CPU of a per-CPU map.
  std::vector<std::vector<std::uint8_t>> values;

  bool operator==(const MapEntry&) const = default;
};

// Keys and values must have these sizes exactly.
struct MapShape {
  std::uint32_t key_size = 0;
  std::uint32_t value_size = 0;
};

Result<std::vector<MapEntry>> parse_map_entries(std::string_view json, MapShape shape);

// Hex form, an entry a line, in the order given; per-CPU values as "values": ["…", …].
std::string print_map_entries(const std::vector<MapEntry>& entries);

std::string hex_text(std::span<const std::uint8_t> bytes);

}  // namespace faisca::sim
