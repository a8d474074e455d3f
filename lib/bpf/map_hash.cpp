#include "lib/bpf/map_hash.h"

#include <cerrno>

namespace faisca::bpf {

HashMap::HashMap(MapDescriptor descriptor, WhenFull when_full)
    : Map(std::move(descriptor)), when_full_(when_full), slots_(this->descriptor().max_entries) {}

std::optional<std::uint32_t> HashMap::lookup(std::span<const std::uint8_t> key) {
  auto found = entries_.find(Key(key.begin(), key.end()));
  if (found == entries_.end()) return std::nullopt;
  touch(found->second);
  return value_address(found->second.slot);
}

std::int64_t HashMap::update(Memory& memory, std::span<const std::uint8_t> key,
                             std::span<const std::uint8_t> value, std::uint64_t flags) {
  if (flags > static_cast<std::uint64_t>(UpdateFlag::kExist)) return -EINVAL;
  Key bytes(key.begin(), key.end());
  auto found = entries_.find(bytes);
  if (found != entries_.end()) {
    if (flags == static_cast<std::uint64_t>(UpdateFlag::kNoExist)) return -EEXIST;
    touch(found->second);
    memory.store(value_address(found->second.slot), value);
    return 0;
  }
  if (flags == static_cast<std::uint64_t>(UpdateFlag::kExist)) return -ENOENT;
  auto slot = slots_.take();
  if (!slot && when_full_ == WhenFull::kRefuse) return -E2BIG;
  if (!slot) {
    auto oldest = entries_.find(ages_.back());
    slot = oldest->second.slot;
    entries_.erase(oldest);
    ages_.pop_back();
  }
  ages_.push_front(bytes);
  entries_.emplace(std::move(bytes), Entry{*slot, ages_.begin()});
  memory.store(value_address(*slot), value);
  return 0;
}

std::int64_t HashMap::remove(Memory&, std::span<const std::uint8_t> key) {
  auto found = entries_.find(Key(key.begin(), key.end()));
  if (found == entries_.end()) return -ENOENT;
  slots_.give_back(found->second.slot);
  ages_.erase(found->second.age);
  entries_.erase(found);
  return 0;
}

std::vector<std::vector<std::uint8_t>> HashMap::keys() const {
  std::vector<Key> all;
  for (const auto& [key, entry] : entries_) all.push_back(key);
  return all;
}

}  // namespace faisca::bpf
