// HASH, PERCPU_HASH and LRU_HASH. See maps.h.
#pragma once

#include <list>
#include <map>

#include "lib/bpf/map_slots.h"
#include "lib/bpf/maps.h"

namespace faisca::bpf {

class HashMap : public Map {
 public:
  // kRefuse: a new key in a full map is -E2BIG. kEvict: it takes the place of the least recently used key,
  // exactly (the kernel's LRU approximates).
  enum class WhenFull { kRefuse, kEvict };
  HashMap(MapDescriptor descriptor, WhenFull when_full);

  std::optional<std::uint32_t> lookup(std::span<const std::uint8_t> key) override;
  std::int64_t update(Memory& memory, std::span<const std::uint8_t> key, std::span<const std::uint8_t> value,
                      std::uint64_t flags) override;
  std::int64_t remove(Memory& memory, std::span<const std::uint8_t> key) override;
  std::vector<std::vector<std::uint8_t>> keys() const override;

 private:
  using Key = std::vector<std::uint8_t>;
  struct Entry {
    std::uint32_t slot;
    std::list<Key>::iterator age;
  };
  void touch(Entry& entry) { ages_.splice(ages_.begin(), ages_, entry.age); }

  WhenFull when_full_;
  SlotPool slots_;
  std::map<Key, Entry> entries_;
  std::list<Key> ages_;  // most recently used first
};

}  // namespace faisca::bpf
