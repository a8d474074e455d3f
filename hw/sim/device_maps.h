// The packet device's maps as its host sees them: defined, filled and read through the map unit's registers,
// also while packets are processed.
//
// Hands out handles, slots, entries and parts of the data region, from low to high; nothing is given back
// until the device is made anew. Register block MAPS of docs/reference/packet-registers.md. Thread: the
// device's. Errors: kOutOfRange names the map and what the device has too little of; kInvalidArgument for an
// entry that the map refuses; what PacketDevice says.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hw/agent/device/packet_device.h"
#include "hw/sim/map_file.h"
#include "hw/sim/oracle.h"
#include "lib/base/result.h"
#include "lib/bpf/program.h"

namespace faisca::sim {

class DeviceMaps {
 public:
  explicit DeviceMaps(device::PacketDevice& device);

  // Waits until the unit has cleared its memories after reset.
  Status start();

  // Bytes of the data region for a program's globals; the offset of the first, a multiple of 8.
  Result<std::uint32_t> reserve(std::uint32_t bytes, const std::string& who);
  // Writes `bytes` at `offset` of the data region.
  Status write_data(std::uint32_t offset, std::span<const std::uint8_t> bytes);

  // The handle of the map with this name and shape: one that is there, or a new one. kInvalidArgument if a
  // map of that name has another shape.
  Result<std::uint32_t> define(const bpf::MapDescriptor& map);

  // As Oracle::fill_map. A value of a per-CPU map without a list is that of every engine.
  Status fill(const std::string& map, const std::vector<MapEntry>& entries);
  // Per-CPU maps have a value for each engine.
  Result<std::vector<MapContents>> read_all();

  // One past the last byte of the data region that is handed out; a multiple of 8.
  std::uint32_t data_end() const { return next_data_; }

 private:
  struct Defined {
    bpf::MapDescriptor map;    // with its handle
    std::uint32_t values = 0;  // offset of slot 0's value in the data region
    std::uint32_t first = 0;   // slot, or entry of a DEVMAP
  };
  static bool has_slots(bpf::MapType type);

  Status write(std::uint32_t maps_register, std::uint32_t value);
  Result<std::uint32_t> read(std::uint32_t maps_register);
  Status wait();
  Status write_words(std::uint32_t maps_register, std::span<const std::uint8_t> bytes, std::uint32_t words);
  Result<std::vector<std::uint8_t>> read_data(std::uint32_t offset, std::uint32_t bytes);
  Result<std::uint64_t> operate(std::uint32_t handle, std::uint32_t operation,
                                std::span<const std::uint8_t> key, std::span<const std::uint8_t> value);
  Status fill_one(const Defined& defined, const MapEntry& entry);
  Status fill_device_map(const Defined& defined, const std::vector<MapEntry>& entries);
  Result<MapContents> read_one(const Defined& defined);

  device::PacketDevice& device_;
  std::uint32_t copies_;  // of an entry of a per-CPU map: engines, rounded up to a power of two
  std::vector<Defined> maps_;
  std::uint32_t next_data_ = 0;
  std::uint32_t next_slot_ = 0;
  std::uint32_t next_entry_ = 0;
};

}  // namespace faisca::sim
