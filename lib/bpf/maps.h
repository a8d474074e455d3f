// Maps with the kernel's semantics. Keys and order live here on the host; values live in the data region of
// `Memory`, so that a program reads and writes them through the pointer which a lookup returns.
//
// Return codes are the kernel's, as helpers give them in R0: 0, or -E2BIG, -EEXIST, -ENOENT, -EINVAL.
// Values are zero after create (the caller clears the data region when it loads a program).
// Owner: one MapSet for each loaded program. Thread: the one that runs the program.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "lib/base/result.h"
#include "lib/bpf/memory.h"
#include "lib/bpf/program.h"

namespace faisca::bpf {

enum class UpdateFlag : std::uint64_t { kAny = 0, kNoExist = 1, kExist = 2 };

class Map {
 public:
  explicit Map(MapDescriptor descriptor) : descriptor_(std::move(descriptor)) {}
  virtual ~Map() = default;

  // Device address of the value of `key` (exactly key_size bytes), or nothing.
  virtual std::optional<std::uint32_t> lookup(std::span<const std::uint8_t> key) = 0;
  virtual std::int64_t update(Memory& memory, std::span<const std::uint8_t> key,
                              std::span<const std::uint8_t> value, std::uint64_t flags) = 0;
  virtual std::int64_t remove(Memory& memory, std::span<const std::uint8_t> key) = 0;
  // Every key in a stable order, for dumps.
  virtual std::vector<std::vector<std::uint8_t>> keys() const = 0;

  const MapDescriptor& descriptor() const { return descriptor_; }

 protected:
  std::uint32_t value_address(std::uint32_t slot) const {
    return descriptor_.values_address + slot * descriptor_.value_stride();
  }

 private:
  MapDescriptor descriptor_;
};

// What create() would refuse: type, zero or oversize key, value or entries (kInvalidArgument,
// kUnimplemented).
Status check_map(const MapDescriptor& descriptor);

class MapSet {
 public:
  static Result<MapSet> create(std::span<const MapDescriptor> descriptors);

  Map* find(std::uint64_t id);  // nullptr: no such map
  std::span<const std::unique_ptr<Map>> all() const { return maps_; }

 private:
  std::vector<std::unique_ptr<Map>> maps_;
};

}  // namespace faisca::bpf
