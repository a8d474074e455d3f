#include "lib/bpf/maps.h"

#include <algorithm>

#include "lib/bpf/map_array.h"
#include "lib/bpf/map_device.h"
#include "lib/bpf/map_hash.h"
#include "lib/bpf/map_lpm.h"

namespace faisca::bpf {
namespace {

constexpr std::uint32_t kMaxKeyBytes = 512;  // as the kernel's MAX_BPF_STACK bounds keys
constexpr std::uint32_t kMaxValueBytes = 64 * 1024;

std::string describe(const MapDescriptor& map) {
  return "map " + map.name + " (" + std::string(map_type_name(map.type)) + ")";
}

std::unique_ptr<Map> make_map(const MapDescriptor& descriptor) {
  switch (descriptor.type) {
    case MapType::kArray:
    case MapType::kPercpuArray:
      return std::make_unique<ArrayMap>(descriptor);
    case MapType::kHash:
    case MapType::kPercpuHash:
      return std::make_unique<HashMap>(descriptor, HashMap::WhenFull::kRefuse);
    case MapType::kLruHash:
      return std::make_unique<HashMap>(descriptor, HashMap::WhenFull::kEvict);
    case MapType::kLpmTrie:
      return std::make_unique<LpmMap>(descriptor);
    case MapType::kDevmap:
      return std::make_unique<DeviceMap>(descriptor);
  }
  return nullptr;
}

}  // namespace

Status check_map(const MapDescriptor& map) {
  auto type = static_cast<std::uint32_t>(map.type);
  if (!map_type_supported(type))
    return fail(Code::kUnimplemented,
                "map " + map.name + " has type " + std::to_string(type) + ", which the device does not have",
                "use hash (1), array (2), percpu_hash (5), percpu_array (6), lru_hash (9), lpm_trie (11) or "
                "devmap (14)");
  if (map.max_entries == 0)
    return fail(Code::kInvalidArgument, describe(map) + " has max_entries 0",
                "set __uint(max_entries, N) with N > 0");
  if (map.value_size == 0 || map.value_size > kMaxValueBytes)
    return fail(Code::kInvalidArgument, describe(map) + " has value size " + std::to_string(map.value_size),
                "values take 1 to " + std::to_string(kMaxValueBytes) + " bytes");
  if (map.key_size == 0 || map.key_size > kMaxKeyBytes)
    return fail(Code::kInvalidArgument, describe(map) + " has key size " + std::to_string(map.key_size),
                "keys take 1 to " + std::to_string(kMaxKeyBytes) + " bytes");
  bool is_array = map.type == MapType::kArray || map.type == MapType::kPercpuArray;
  if (is_array && map.key_size != 4)
    return fail(Code::kInvalidArgument, describe(map) + " has key size " + std::to_string(map.key_size),
                "an array's key is a 4-byte index");
  if (map.type == MapType::kDevmap && (map.key_size != 4 || (map.value_size != 4 && map.value_size != 8)))
    return fail(Code::kInvalidArgument,
                describe(map) + " has key size " + std::to_string(map.key_size) + " and value size " +
                    std::to_string(map.value_size),
                "the key is a 4-byte index, the value an interface's index or struct bpf_devmap_val");
  if (map.type == MapType::kLpmTrie && (map.key_size < 5 || map.key_size > 4 + 256))
    return fail(Code::kInvalidArgument, describe(map) + " has key size " + std::to_string(map.key_size),
                "a key is a 4-byte prefix length followed by 1 to 256 bytes");
  return {};
}

Result<MapSet> MapSet::create(std::span<const MapDescriptor> descriptors) {
  MapSet set;
  for (const auto& descriptor : descriptors) {
    FAISCA_CHECK_OK(check_map(descriptor));
    if (set.find(descriptor.id) != nullptr)
      return fail(Code::kInvalidArgument, "two maps have id " + std::to_string(descriptor.id));
    set.maps_.push_back(make_map(descriptor));
  }
  return set;
}

Map* MapSet::find(std::uint64_t id) {
  auto found =
      std::find_if(maps_.begin(), maps_.end(), [&](const auto& map) { return map->descriptor().id == id; });
  return found == maps_.end() ? nullptr : found->get();
}

}  // namespace faisca::bpf
