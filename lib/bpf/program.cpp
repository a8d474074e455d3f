#include "lib/bpf/program.h"

#include "lib/bpf/layout.h"
#include "lib/bpf/maps.h"

namespace faisca::bpf {

std::string_view convention_name(Convention convention) {
  return convention == Convention::kXdp ? "xdp" : "mem";
}

std::string_view map_type_name(MapType type) {
  switch (type) {
    case MapType::kHash:
      return "hash";
    case MapType::kArray:
      return "array";
    case MapType::kPercpuHash:
      return "percpu_hash";
    case MapType::kPercpuArray:
      return "percpu_array";
    case MapType::kLruHash:
      return "lru_hash";
    case MapType::kLpmTrie:
      return "lpm_trie";
    case MapType::kDevmap:
      return "devmap";
  }
  return "unknown";
}

bool map_type_supported(std::uint32_t type) { return map_type_name(static_cast<MapType>(type)) != "unknown"; }

Status assign_maps(Program& program, std::uint32_t limit) {
  std::uint64_t used = program.data.size();
  std::uint32_t id = 1;
  for (auto& map : program.maps) {
    FAISCA_CHECK_OK(check_map(map));
    map.id = id++;
    used = (used + 7) / 8 * 8;
    map.values_address = static_cast<std::uint32_t>(kDataBase + used);
    used += std::uint64_t{map.value_stride()} * map.max_entries;
    if (used > limit)
      return fail(Code::kOutOfRange,
                  "map " + map.name + " brings globals and map values to " + std::to_string(used) +
                      " bytes; the device has " + std::to_string(limit),
                  "lower max_entries (" + std::to_string(map.max_entries) + ") or the value size (" +
                      std::to_string(map.value_size) + ")");
  }
  program.data_bytes = static_cast<std::uint32_t>(used);
  return {};
}

}  // namespace faisca::bpf
