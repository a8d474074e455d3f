#include "lib/bpf/program.h"

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
  }
  return "unknown";
}

bool map_type_supported(std::uint32_t type) { return map_type_name(static_cast<MapType>(type)) != "unknown"; }

}  // namespace faisca::bpf
