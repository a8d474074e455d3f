// ARRAY and PERCPU_ARRAY (one engine is one CPU): the key is a 32-bit index, every slot exists. See maps.h.
#pragma once

#include "lib/bpf/maps.h"

namespace faisca::bpf {

class ArrayMap : public Map {
 public:
  using Map::Map;

  std::optional<std::uint32_t> lookup(std::span<const std::uint8_t> key) override;
  std::int64_t update(Memory& memory, std::span<const std::uint8_t> key, std::span<const std::uint8_t> value,
                      std::uint64_t flags) override;
  std::int64_t remove(Memory& memory,
                      std::span<const std::uint8_t> key) override;  // -EINVAL: slots cannot go
  std::vector<std::vector<std::uint8_t>> keys() const override;
};

}  // namespace faisca::bpf
