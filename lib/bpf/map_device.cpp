#include "lib/bpf/map_device.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace faisca::bpf {
namespace {

std::uint32_t word_of(std::span<const std::uint8_t> bytes) {
  std::uint32_t word;
  std::memcpy(&word, bytes.data(), sizeof word);
  return word;
}

}  // namespace

DeviceMap::DeviceMap(MapDescriptor descriptor)
    : Map(std::move(descriptor)), interfaces_(this->descriptor().max_entries) {}

std::uint32_t DeviceMap::interface(std::uint32_t index) const {
  return index < interfaces_.size() ? interfaces_[index] : 0;
}

std::vector<std::uint32_t> DeviceMap::interfaces() const {
  std::vector<std::uint32_t> used;
  std::copy_if(interfaces_.begin(), interfaces_.end(), std::back_inserter(used),
               [](std::uint32_t interface) { return interface != 0; });
  return used;
}

std::optional<std::uint32_t> DeviceMap::lookup(std::span<const std::uint8_t> key) {
  std::uint32_t index = word_of(key);
  if (interface(index) == 0) return std::nullopt;
  return value_address(index);
}

std::int64_t DeviceMap::update(Memory& memory, std::span<const std::uint8_t> key,
                               std::span<const std::uint8_t> value, std::uint64_t flags) {
  if (flags > static_cast<std::uint64_t>(UpdateFlag::kExist)) return -EINVAL;
  std::uint32_t index = word_of(key);
  if (index >= interfaces_.size()) return -E2BIG;
  if (flags == static_cast<std::uint64_t>(UpdateFlag::kNoExist)) return -EEXIST;
  memory.store(value_address(index), value);
  interfaces_[index] = word_of(value);
  return 0;
}

std::int64_t DeviceMap::remove(Memory&, std::span<const std::uint8_t> key) {
  std::uint32_t index = word_of(key);
  if (index >= interfaces_.size()) return -EINVAL;
  interfaces_[index] = 0;
  return 0;
}

std::vector<std::vector<std::uint8_t>> DeviceMap::keys() const {
  std::vector<std::vector<std::uint8_t>> all;
  for (std::uint32_t index = 0; index < interfaces_.size(); ++index) {
    if (interfaces_[index] == 0) continue;
    std::vector<std::uint8_t> key(4);
    std::memcpy(key.data(), &index, 4);
    all.push_back(std::move(key));
  }
  return all;
}

}  // namespace faisca::bpf
