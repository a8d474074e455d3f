#include "hw/sim/device_maps.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "hw/regs/packet_regs.h"
#include "lib/bpf/layout.h"

namespace faisca::sim {
namespace {

namespace regs = packet_regs;

constexpr std::uint32_t kHandles = 63;
constexpr std::uint32_t kSlots = 8192;
constexpr std::uint32_t kEntries = 1024;
constexpr std::uint32_t kLruReserve = 16;  // slots past max_entries, see DEFINE_SLOT
constexpr std::uint32_t kMaxKeyBytes = 32;
constexpr std::uint32_t kMaxValueBytes = 64;
constexpr int kMaxPolls = 100'000;

std::uint32_t number(regs::MapOperation operation) { return static_cast<std::uint32_t>(operation); }

std::uint32_t word_of(std::span<const std::uint8_t> bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t b = 0; b < 4 && at + b < bytes.size(); ++b)
    word |= std::uint32_t{bytes[at + b]} << (8 * b);
  return word;
}

std::vector<std::uint8_t> bytes_of(std::uint32_t value) {
  std::vector<std::uint8_t> bytes(4);
  for (int b = 0; b < 4; ++b) bytes[b] = static_cast<std::uint8_t>(value >> (8 * b));
  return bytes;
}

tl::unexpected<Error> too_large(const std::string& who, std::uint64_t wanted, std::uint32_t left,
                                const char* what) {
  return fail(Code::kOutOfRange,
              who + " needs " + std::to_string(wanted) + " " + what + "; the device has " +
                  std::to_string(left) + " left",
              "lower max_entries");
}

// What the map unit has: hw/rtl/maps/README.md.
Status check_supported(const bpf::MapDescriptor& map) {
  using bpf::MapType;
  const auto refuse = [&](const std::string& why, const std::string& hint) {
    return fail(Code::kUnimplemented, "map " + map.name + ": " + why, hint);
  };
  switch (map.type) {
    case MapType::kHash:
    case MapType::kArray:
    case MapType::kPercpuArray:
    case MapType::kLruHash:
    case MapType::kLpmTrie:
    case MapType::kDevmap:
      break;
    default:
      return refuse("the device has no maps of type " + std::string(bpf::map_type_name(map.type)),
                    "it has hash, array, percpu_array, lru_hash, lpm_trie and devmap");
  }
  if (map.key_size > kMaxKeyBytes)
    return refuse("its keys have " + std::to_string(map.key_size) + " bytes",
                  "the device takes up to " + std::to_string(kMaxKeyBytes));
  if (map.value_size > kMaxValueBytes)
    return refuse("its values have " + std::to_string(map.value_size) + " bytes",
                  "the device takes up to " + std::to_string(kMaxValueBytes));
  return {};
}

tl::unexpected<Error> no_such_index(const bpf::MapDescriptor& map, const MapEntry& entry) {
  return fail(Code::kInvalidArgument, "map " + map.name + " refuses key " + hex_text(entry.key) +
                                          ": it has " + std::to_string(map.max_entries) + " entries");
}

}  // namespace

DeviceMaps::DeviceMaps(device::PacketDevice& device)
    : device_(device), copies_(std::bit_ceil(device.shape().ports * device.shape().engines)) {}

bool DeviceMaps::has_slots(bpf::MapType type) {
  return type == bpf::MapType::kHash || type == bpf::MapType::kLruHash || type == bpf::MapType::kLpmTrie;
}

Status DeviceMaps::write(std::uint32_t maps_register, std::uint32_t value) {
  return device_.write(regs::kMapsBase + maps_register, value);
}

Result<std::uint32_t> DeviceMaps::read(std::uint32_t maps_register) {
  return device_.read(regs::kMapsBase + maps_register);
}

Status DeviceMaps::start() {
  for (int poll = 0; poll < kMaxPolls; ++poll) {
    FAISCA_TRY(status, read(regs::maps::kStatus));
    if (status & regs::maps::kStatusReady) return {};
  }
  return fail(Code::kInternal, "the map unit does not get ready");
}

Status DeviceMaps::wait() {
  for (int poll = 0; poll < kMaxPolls; ++poll) {
    FAISCA_TRY(status, read(regs::maps::kStatus));
    if (!(status & (regs::maps::kStatusBusy | regs::maps::kStatusClearing))) return {};
  }
  return fail(Code::kInternal, "the map unit does not finish an operation");
}

Result<std::uint32_t> DeviceMaps::reserve(std::uint32_t bytes, const std::string& who) {
  const std::uint64_t end = (std::uint64_t{next_data_} + bytes + 7) / 8 * 8;
  if (end > device_.shape().data_bytes)
    return too_large(who, bytes, device_.shape().data_bytes - next_data_, "bytes of data");
  return std::exchange(next_data_, static_cast<std::uint32_t>(end));
}

Status DeviceMaps::write_data(std::uint32_t offset, std::span<const std::uint8_t> bytes) {
  FAISCA_CHECK_OK(write(regs::maps::kDataOffset, offset));
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    FAISCA_CHECK_OK(write(regs::maps::kDataLow, word_of(bytes, at)));
    FAISCA_CHECK_OK(write(regs::maps::kDataHigh, word_of(bytes, at + 4)));
    FAISCA_CHECK_OK(wait());
  }
  return {};
}

Result<std::vector<std::uint8_t>> DeviceMaps::read_data(std::uint32_t offset, std::uint32_t bytes) {
  std::vector<std::uint8_t> data;
  FAISCA_CHECK_OK(write(regs::maps::kDataOffset, offset));
  while (data.size() < bytes) {
    FAISCA_CHECK_OK(write(regs::maps::kDataFetch, 1));
    FAISCA_CHECK_OK(wait());
    for (const std::uint32_t half : {regs::maps::kDataLow, regs::maps::kDataHigh}) {
      FAISCA_TRY(word, read(half));
      const auto four = bytes_of(word);
      data.insert(data.end(), four.begin(), four.end());
    }
  }
  data.resize(bytes);
  return data;
}

Result<std::uint32_t> DeviceMaps::define(const bpf::MapDescriptor& map) {
  const auto known = std::find_if(maps_.begin(), maps_.end(),
                                  [&](const Defined& defined) { return defined.map.name == map.name; });
  if (known != maps_.end()) {
    const bpf::MapDescriptor& old = known->map;
    if (old.type == map.type && old.key_size == map.key_size && old.value_size == map.value_size &&
        old.max_entries == map.max_entries)
      return old.id;
    return fail(Code::kInvalidArgument,
                "map " + map.name + " is not what the running program calls " + map.name,
                "give it another name, or the same type, sizes and max_entries");
  }
  FAISCA_CHECK_OK(check_supported(map));
  Defined defined{.map = map};
  defined.map.id = static_cast<std::uint32_t>(maps_.size()) + 1;
  if (defined.map.id > kHandles) return too_large("map " + map.name, 1, 0, "maps");
  const std::uint32_t stride = map.value_stride();
  std::uint64_t values = map.max_entries;
  if (has_slots(map.type)) {
    if (map.type == bpf::MapType::kLruHash) values += kLruReserve;
    if (next_slot_ + values > kSlots)
      return too_large("map " + map.name, values, kSlots - next_slot_, "entries");
    defined.first = std::exchange(next_slot_, next_slot_ + static_cast<std::uint32_t>(values));
  } else if (map.type == bpf::MapType::kDevmap) {
    if (next_entry_ + values > kEntries)
      return too_large("map " + map.name, values, kEntries - next_entry_, "entries of DEVMAPs");
    defined.first = std::exchange(next_entry_, next_entry_ + map.max_entries);
  } else if (map.type == bpf::MapType::kPercpuArray) {
    values *= copies_;
  }
  if (values * stride > device_.shape().data_bytes)
    return too_large("map " + map.name, values * stride, device_.shape().data_bytes - next_data_,
                     "bytes of data");
  FAISCA_TRY(offset, reserve(static_cast<std::uint32_t>(values) * stride, "map " + map.name));
  defined.values = offset;
  const std::uint32_t slot_zero = has_slots(map.type) ? offset - defined.first * stride : offset;
  FAISCA_CHECK_OK(write(regs::maps::kDefineLayout,
                        static_cast<std::uint32_t>(map.type) | map.key_size << 8 | map.value_size << 16));
  FAISCA_CHECK_OK(write(regs::maps::kDefineEntries, map.max_entries));
  FAISCA_CHECK_OK(write(regs::maps::kDefineValues, slot_zero & 0xff'ffff));
  FAISCA_CHECK_OK(write(regs::maps::kDefineSlot, defined.first));
  FAISCA_CHECK_OK(write(regs::maps::kDefine, defined.map.id));
  maps_.push_back(std::move(defined));
  return maps_.back().map.id;
}

Status DeviceMaps::write_words(std::uint32_t maps_register, std::span<const std::uint8_t> bytes,
                               std::uint32_t words) {
  for (std::uint32_t word = 0; word < words; ++word)
    FAISCA_CHECK_OK(write(maps_register + 4 * word, word_of(bytes, 4 * word)));
  return {};
}

Result<std::uint64_t> DeviceMaps::operate(std::uint32_t handle, std::uint32_t operation,
                                          std::span<const std::uint8_t> key,
                                          std::span<const std::uint8_t> value) {
  FAISCA_CHECK_OK(write_words(regs::maps::kKey, key, 8));
  if (!value.empty()) FAISCA_CHECK_OK(write_words(regs::maps::kValue, value, 16));
  FAISCA_CHECK_OK(write(regs::maps::kMap, handle));
  FAISCA_CHECK_OK(write(regs::maps::kFlags, 0));
  FAISCA_CHECK_OK(write(regs::maps::kOperation, operation));
  FAISCA_CHECK_OK(wait());
  FAISCA_TRY(low, read(regs::maps::kResultLow));
  FAISCA_TRY(high, read(regs::maps::kResultHigh));
  return low | std::uint64_t{high} << 32;
}

// Every entry also holds the ports of the whole map, for a broadcast: all are written again.
Status DeviceMaps::fill_device_map(const Defined& defined, const std::vector<MapEntry>& entries) {
  const bpf::MapDescriptor& map = defined.map;
  std::vector<std::uint32_t> interfaces;
  for (std::uint32_t index = 0; index < map.max_entries; ++index) {
    FAISCA_TRY(word, operate(map.id, number(regs::MapOperation::kEntry), bytes_of(index), {}));
    interfaces.push_back(static_cast<std::uint32_t>(word));
  }
  for (const MapEntry& entry : entries) {
    const std::uint32_t index = word_of(entry.key, 0);
    const std::uint32_t interface = word_of(entry.values.front(), 0);
    if (index >= map.max_entries) return no_such_index(map, entry);
    if (interface > device_.shape().ports)
      return fail(Code::kInvalidArgument,
                  "map " + map.name + ": the device has no interface " + std::to_string(interface),
                  "interfaces 1 to " + std::to_string(device_.shape().ports) + " are ports 0 to " +
                      std::to_string(device_.shape().ports - 1));
    interfaces[index] = interface;
  }
  for (const MapEntry& entry : entries)  // what a lookup of the program points to
    FAISCA_CHECK_OK(
        write_data(defined.values + word_of(entry.key, 0) * map.value_stride(), entry.values.front()));
  const auto port_bit = [](std::uint32_t interface) { return interface ? 1u << (interface - 1) : 0; };
  std::uint32_t all = 0;
  for (const std::uint32_t interface : interfaces) all |= port_bit(interface);
  for (std::uint32_t index = 0; index < map.max_entries; ++index) {
    std::vector<std::uint8_t> words;
    for (const std::uint32_t word : {interfaces[index], port_bit(interfaces[index]), all}) {
      const auto four = bytes_of(word);
      words.insert(words.end(), four.begin(), four.end());
    }
    FAISCA_CHECK_OK(
        operate(map.id, number(regs::MapOperation::kEntryWrite), bytes_of(defined.first + index), words)
            .map([](auto) {}));
  }
  return {};
}

Status DeviceMaps::fill_one(const Defined& defined, const MapEntry& entry) {
  const bpf::MapDescriptor& map = defined.map;
  if (map.type == bpf::MapType::kArray || map.type == bpf::MapType::kPercpuArray) {
    const std::uint32_t index = word_of(entry.key, 0);
    if (index >= map.max_entries) return no_such_index(map, entry);
    const std::uint32_t copies = map.type == bpf::MapType::kArray ? 1 : copies_;
    for (std::uint32_t copy = 0; copy < copies; ++copy) {
      const auto& value = entry.values[std::min<std::size_t>(copy, entry.values.size() - 1)];
      FAISCA_CHECK_OK(write_data(defined.values + (index * copies + copy) * map.value_stride(), value));
    }
    return {};
  }
  FAISCA_TRY(result, operate(map.id, number(regs::MapOperation::kUpdate), entry.key, entry.values.front()));
  if (result == 0) return {};
  return fail(Code::kInvalidArgument,
              "map " + map.name + " refuses key " + hex_text(entry.key) + ": " +
                  std::strerror(static_cast<int>(-static_cast<std::int64_t>(result))));
}

Status DeviceMaps::fill(const std::string& map, const std::vector<MapEntry>& entries) {
  const auto known = std::find_if(maps_.begin(), maps_.end(),
                                  [&](const Defined& defined) { return defined.map.name == map; });
  if (known == maps_.end()) return fail(Code::kNotFound, "the program has no map " + map);
  if (known->map.type == bpf::MapType::kDevmap) return fill_device_map(*known, entries);
  for (const MapEntry& entry : entries) FAISCA_CHECK_OK(fill_one(*known, entry));
  return {};
}

Result<MapContents> DeviceMaps::read_one(const Defined& defined) {
  const bpf::MapDescriptor& map = defined.map;
  MapContents contents{
      .name = map.name, .type = map.type, .shape = {map.key_size, map.value_size}, .entries = {}};
  const auto value_at = [&](std::uint32_t place) {
    return read_data(defined.values + place * map.value_stride(), map.value_size);
  };
  if (map.type == bpf::MapType::kDevmap) {
    for (std::uint32_t index = 0; index < map.max_entries; ++index) {
      FAISCA_TRY(word, operate(map.id, number(regs::MapOperation::kEntry), bytes_of(index), {}));
      const auto interface = static_cast<std::uint32_t>(word);
      if (interface == 0) continue;
      std::vector<std::uint8_t> value = bytes_of(interface);
      value.resize(map.value_size);
      contents.entries.push_back({bytes_of(index), {std::move(value)}});
    }
  } else if (has_slots(map.type)) {
    FAISCA_CHECK_OK(write(regs::maps::kMap, map.id));
    FAISCA_TRY(fresh, read(regs::maps::kFresh));
    for (std::uint32_t slot = 0; slot < fresh; ++slot) {
      FAISCA_TRY(used,
                 operate(map.id, number(regs::MapOperation::kSlot), bytes_of(defined.first + slot), {}));
      if (used != 1) continue;
      std::vector<std::uint8_t> key;
      for (std::uint32_t word = 0; word < 8; ++word) {
        FAISCA_TRY(part, read(regs::maps::kKey + 4 * word));
        const auto four = bytes_of(part);
        key.insert(key.end(), four.begin(), four.end());
      }
      key.resize(map.key_size);
      FAISCA_TRY(value, value_at(slot));
      contents.entries.push_back({std::move(key), {std::move(value)}});
    }
  } else {
    const bool per_engine = map.type == bpf::MapType::kPercpuArray;
    const std::uint32_t engines = per_engine ? device_.shape().ports * device_.shape().engines : 1;
    for (std::uint32_t index = 0; index < map.max_entries; ++index) {
      MapEntry entry{bytes_of(index), {}};
      for (std::uint32_t engine = 0; engine < engines; ++engine) {
        FAISCA_TRY(value, value_at(per_engine ? index * copies_ + engine : index));
        entry.values.push_back(std::move(value));
      }
      contents.entries.push_back(std::move(entry));
    }
  }
  std::sort(contents.entries.begin(), contents.entries.end(),
            [](const MapEntry& a, const MapEntry& b) { return a.key < b.key; });
  return contents;
}

Result<std::vector<MapContents>> DeviceMaps::read_all() {
  std::vector<MapContents> all;
  for (const Defined& defined : maps_) {
    FAISCA_TRY(contents, read_one(defined));
    all.push_back(std::move(contents));
  }
  return all;
}

}  // namespace faisca::sim
