#include "lib/bpf/map_lpm.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace faisca::bpf {

LpmMap::LpmMap(MapDescriptor descriptor)
    : Map(std::move(descriptor)), slots_(this->descriptor().max_entries) {}

std::uint32_t LpmMap::length_of(std::span<const std::uint8_t> key) {
  std::uint32_t length;
  std::memcpy(&length, key.data(), sizeof length);
  return length;
}

LpmMap::Prefix LpmMap::prefix_of(std::span<const std::uint8_t> key, std::uint32_t length) {
  Prefix prefix{length, {key.begin() + 4, key.end()}};
  for (std::size_t byte = 0; byte < prefix.bits.size(); ++byte) {
    std::size_t kept = length > byte * 8 ? std::min<std::size_t>(8, length - byte * 8) : 0;
    prefix.bits[byte] &= static_cast<std::uint8_t>(0xff00 >> kept);
  }
  return prefix;
}

std::optional<std::uint32_t> LpmMap::lookup(std::span<const std::uint8_t> key) {
  std::uint32_t longest = length_of(key);
  if (longest > max_length()) return std::nullopt;
  for (std::uint32_t length = longest + 1; length-- > 0;) {
    auto found = entries_.find(prefix_of(key, length));
    if (found != entries_.end()) return value_address(found->second.slot);
  }
  return std::nullopt;
}

std::int64_t LpmMap::update(Memory& memory, std::span<const std::uint8_t> key,
                            std::span<const std::uint8_t> value, std::uint64_t flags) {
  if (flags > static_cast<std::uint64_t>(UpdateFlag::kExist) || length_of(key) > max_length()) return -EINVAL;
  Prefix prefix = prefix_of(key, length_of(key));
  auto found = entries_.find(prefix);
  if (found != entries_.end()) {
    if (flags == static_cast<std::uint64_t>(UpdateFlag::kNoExist)) return -EEXIST;
    found->second.key.assign(key.begin(), key.end());
    memory.store(value_address(found->second.slot), value);
    return 0;
  }
  if (flags == static_cast<std::uint64_t>(UpdateFlag::kExist)) return -ENOENT;
  auto slot = slots_.take();
  if (!slot) return -ENOSPC;
  entries_.emplace(std::move(prefix), Entry{*slot, {key.begin(), key.end()}});
  memory.store(value_address(*slot), value);
  return 0;
}

std::int64_t LpmMap::remove(Memory&, std::span<const std::uint8_t> key) {
  if (length_of(key) > max_length()) return -EINVAL;
  auto found = entries_.find(prefix_of(key, length_of(key)));
  if (found == entries_.end()) return -ENOENT;
  slots_.give_back(found->second.slot);
  entries_.erase(found);
  return 0;
}

std::vector<std::vector<std::uint8_t>> LpmMap::keys() const {
  std::vector<std::vector<std::uint8_t>> all;
  for (const auto& [prefix, entry] : entries_) all.push_back(entry.key);
  return all;
}

}  // namespace faisca::bpf
