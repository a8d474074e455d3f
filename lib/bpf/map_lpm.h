// LPM_TRIE: the longest prefix that covers the key. Keys are struct bpf_lpm_trie_key: prefix length as u32 in
// host order, then the bits, most significant first. See maps.h.
#pragma once

#include <map>

#include "lib/bpf/map_slots.h"
#include "lib/bpf/maps.h"

namespace faisca::bpf {

class LpmMap : public Map {
 public:
  explicit LpmMap(MapDescriptor descriptor);

  std::optional<std::uint32_t> lookup(std::span<const std::uint8_t> key) override;
  std::int64_t update(Memory& memory, std::span<const std::uint8_t> key, std::span<const std::uint8_t> value,
                      std::uint64_t flags) override;
  std::int64_t remove(Memory& memory, std::span<const std::uint8_t> key) override;
  std::vector<std::vector<std::uint8_t>> keys() const override;

 private:
  // Prefix length, then the bits with everything after the prefix cleared.
  struct Prefix {
    std::uint32_t length;
    std::vector<std::uint8_t> bits;
    auto operator<=>(const Prefix&) const = default;
  };
  std::uint32_t max_length() const { return (descriptor().key_size - 4) * 8; }
  static std::uint32_t length_of(std::span<const std::uint8_t> key);
  static Prefix prefix_of(std::span<const std::uint8_t> key, std::uint32_t length);

  SlotPool slots_;
  struct Entry {
    std::uint32_t slot;
    std::vector<std::uint8_t> key;  // as given: dumps show the bits behind the prefix too, as the kernel's
  };
  std::map<Prefix, Entry> entries_;
};

}  // namespace faisca::bpf
