#include "lib/bpf/map_array.h"

#include <cerrno>
#include <cstring>

namespace faisca::bpf {
namespace {

std::uint32_t index_of(std::span<const std::uint8_t> key) {
  std::uint32_t index;
  std::memcpy(&index, key.data(), sizeof index);
  return index;
}

}  // namespace

std::optional<std::uint32_t> ArrayMap::lookup(std::span<const std::uint8_t> key) {
  std::uint32_t index = index_of(key);
  if (index >= descriptor().max_entries) return std::nullopt;
  return value_address(index);
}

std::int64_t ArrayMap::update(Memory& memory, std::span<const std::uint8_t> key,
                              std::span<const std::uint8_t> value, std::uint64_t flags) {
  if (flags > static_cast<std::uint64_t>(UpdateFlag::kExist)) return -EINVAL;
  std::uint32_t index = index_of(key);
  if (index >= descriptor().max_entries) return -E2BIG;
  if (flags == static_cast<std::uint64_t>(UpdateFlag::kNoExist)) return -EEXIST;
  memory.store(value_address(index), value);
  return 0;
}

std::int64_t ArrayMap::remove(Memory&, std::span<const std::uint8_t>) { return -EINVAL; }

std::vector<std::vector<std::uint8_t>> ArrayMap::keys() const {
  std::vector<std::vector<std::uint8_t>> all;
  for (std::uint32_t index = 0; index < descriptor().max_entries; ++index) {
    std::vector<std::uint8_t> key(4);
    std::memcpy(key.data(), &index, 4);
    all.push_back(std::move(key));
  }
  return all;
}

}  // namespace faisca::bpf
