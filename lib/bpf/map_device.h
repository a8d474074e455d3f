// DEVMAP: where bpf_redirect_map sends a packet. The value is an interface's index, or struct bpf_devmap_val
// that begins with one; an entry without an interface is empty. See maps.h.
#pragma once

#include <vector>

#include "lib/bpf/maps.h"

namespace faisca::bpf {

class DeviceMap : public Map {
 public:
  explicit DeviceMap(MapDescriptor descriptor);

  std::optional<std::uint32_t> lookup(std::span<const std::uint8_t> key) override;
  // As the kernel's: -E2BIG past the end, -EEXIST for kNoExist whatever the entry holds. Interface 0 empties
  // it.
  std::int64_t update(Memory& memory, std::span<const std::uint8_t> key, std::span<const std::uint8_t> value,
                      std::uint64_t flags) override;
  std::int64_t remove(Memory& memory, std::span<const std::uint8_t> key) override;
  std::vector<std::vector<std::uint8_t>> keys() const override;  // of entries that are not empty

  std::uint32_t interface(std::uint32_t index) const;  // 0: empty, or no such entry
  std::vector<std::uint32_t> interfaces() const;       // of all entries that are not empty, in order

 private:
  std::vector<std::uint32_t> interfaces_;
};

}  // namespace faisca::bpf
