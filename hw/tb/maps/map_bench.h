// The map unit with its engines and its host: requests of several beats, answers, register accesses, and the
// cycles that each takes. Engines are independent; what they are asked to do is done as soon as the unit
// takes it. See bench.h.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "Vmap_unit.h"
#include "hw/regs/packet_regs.h"
#include "hw/tb/bench.h"
#include "lib/bpf/program.h"

namespace faisca::tb {

using Bytes = std::vector<std::uint8_t>;

enum class MapOp : std::uint8_t { kLookup = 0, kUpdate = 1, kDelete = 2, kEntry = 3 };
enum class DataOp : std::uint8_t {
  kLoad = 0,
  kStore = 1,
  kAdd = 2,
  kOr = 3,
  kAnd = 4,
  kXor = 5,
  kFetchAdd = 10,
  kFetchOr = 11,
  kFetchAnd = 12,
  kFetchXor = 13,
  kExchange = 14,
  kCompareExchange = 15,
};

class MapBench {
 public:
  static constexpr int kPorts = 4, kEnginesPerPort = 8, kEngines = kPorts * kEnginesPerPort;

  // Waits until the unit has cleared its memories.
  MapBench();

  // Where the values of a map's slot 0 are, and its first slot or entry.
  void define(const bpf::MapDescriptor& map, std::uint32_t first_slot);
  void write_entry(std::uint8_t map, std::uint32_t index, std::uint32_t word0, std::uint32_t word1,
                   std::uint32_t broadcast);

  // A request for the map unit; at most one under way for each engine.
  void start(int engine, MapOp op, std::uint8_t map, const Bytes& key, const Bytes& value = {},
             std::uint64_t flags = 0);
  // An access to the data region; at most one under way for each engine.
  void access(int engine, DataOp op, std::uint32_t address, unsigned size, std::uint64_t operand = 0,
              std::uint64_t expected = 0);
  void step();

  bool map_idle(int engine) const { return !engines_[engine].map_busy; }
  bool data_idle(int engine) const { return !engines_[engine].data_busy; }
  std::uint64_t r0(int engine) const { return engines_[engine].r0; }
  std::uint64_t old(int engine) const { return engines_[engine].old; }
  // Cycles from the first beat's offer to the answer; from the last beat's for requests of several beats.
  int latency(int engine) const { return engines_[engine].latency; }
  std::uint64_t answered() const { return answered_; }
  std::uint64_t cycles() const { return cycles_; }

  // One request on its own, to its end.
  std::uint64_t call(int engine, MapOp op, std::uint8_t map, const Bytes& key, const Bytes& value = {},
                     std::uint64_t flags = 0);
  std::uint64_t load(std::uint32_t address, unsigned size, int engine = 0);
  void store(std::uint32_t address, unsigned size, std::uint64_t value, int engine = 0);

  // Registers: offsets in block MAPS.
  void write(std::uint32_t offset, std::uint32_t value);
  std::uint32_t read(std::uint32_t offset);
  // An operation through the registers, as the host does it.
  std::uint64_t host(std::uint32_t operation, std::uint8_t map, const Bytes& key, const Bytes& value = {},
                     std::uint32_t flags = 0);
  bool register_error() const { return register_error_; }

 private:
  struct Engine {
    bool map_busy = false, data_busy = false, wants_answer = false;
    std::uint8_t op = 0, map = 0, flags = 0, data_op = 0, size = 0;
    std::deque<std::uint64_t> beats, data_beats;
    std::uint32_t offset = 0;
    std::uint64_t r0 = 0, old = 0, offered = 0;
    int latency = 0;
  };
  void drive();

  Bench<Vmap_unit> bench_;
  std::vector<Engine> engines_{kEngines};
  std::uint64_t cycles_ = 0, answered_ = 0;
  bool register_error_ = false;
};

}  // namespace faisca::tb
