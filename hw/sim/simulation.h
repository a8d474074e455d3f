// One run of packets through the packet device: loads a program, fills its maps, plays the packets, exchanges
// the program on the way, and keeps what became of each packet.
//
// Thread: one at a time. Errors: those of the loader and verifier, which name instruction and reason; those
// of DeviceMaps and PacketDevice.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hw/agent/device/packet_device.h"
#include "hw/sim/device_maps.h"
#include "hw/sim/packet.h"
#include "lib/bpf/program.h"

namespace faisca::sim {

// An object as a file and as the program of it that runs.
struct SourceProgram {
  std::string object;  // the ELF file's bytes
  std::string name;    // of the program in it; empty: the only one
};

// What became of a packet.
struct Fate {
  std::uint32_t port = 0;
  packet_regs::Ingress ingress = packet_regs::Ingress::kNoProgram;
  std::optional<packet_regs::Verdict> verdict;  // of an accepted packet
  std::uint32_t outputs = 0;                    // one bit a port that it left by
  bool to_host = false;
  bool refused = false;              // an output had no room
  std::uint64_t received_cycle = 0;  // when it was taken or dropped
  std::uint64_t latency_cycles = 0;  // first beat in to first beat out, of what left
  std::vector<std::uint8_t> bytes;   // as it left, if it did
  bool mixed = false;                // copies differ: never right
};

struct SimulationSettings {
  device::MacSettings macs;
  bool keep_bytes = true;  // of what leaves; off saves memory in long runs
  // Packets a second that all ports together offer; 0: as the wire allows.
  double packets_per_second = 0;
  // One packet at a time is in the device: packets cannot meet in maps.
  bool serial = false;
};

class Simulation final : private device::PacketListener {
 public:
  static Result<std::unique_ptr<Simulation>> create(const SimulationSettings& settings);

  // The program for all ports.
  Status load(const SourceProgram& source);
  Status fill_map(const std::string& map, const std::vector<MapEntry>& entries) {
    return maps_->fill(map, entries);
  }

  // Packets go in in this order, each by its port; their fates come in the same order.
  Status run(const std::vector<Packet>& packets);
  // As run, but `next` takes the program's place as soon as the packets before number `at` have begun to come
  // in, while the others follow without a pause. Maps of the same name and shape stay as they are.
  struct Swap {
    SourceProgram next;
    std::size_t at = 0;
  };
  Status run(const std::vector<Packet>& packets, const Swap& swap);

  const std::vector<Fate>& fates() const { return fates_; }
  // Indices of packets in the order in which the device took them.
  const std::vector<std::size_t>& order() const { return order_; }
  // Cycles between which the program was exchanged.
  struct SwapCycles {
    std::uint64_t before = 0, after = 0;
  };
  std::optional<SwapCycles> swap_cycles() const { return swap_cycles_; }
  Result<std::vector<MapContents>> maps() { return maps_->read_all(); }

  const bpf::Program& program() const { return program_; }
  device::PacketDevice& device() { return *device_; }
  std::uint64_t first_cycle() const { return first_cycle_; }  // of the run
  std::uint64_t last_cycle() const { return last_cycle_; }
  double host_seconds() const { return host_seconds_; }  // wall time that the simulation took

 private:
  explicit Simulation(const SimulationSettings& settings) : settings_(settings) {}
  Result<bpf::Program> place(const SourceProgram& source);
  Status write_version(const SourceProgram& source);
  Status play(const std::vector<Packet>& packets, const Swap* swap);
  Status play_together(const std::vector<Packet>& packets, const Swap* swap);
  Status play_serial(const std::vector<Packet>& packets, const Swap* swap);
  Status exchange();
  void send(const std::vector<Packet>& packets, std::size_t index);

  void on_received(std::uint64_t id, std::uint32_t port, packet_regs::Ingress what) override;
  void on_verdict(std::uint64_t id, std::uint32_t port, packet_regs::Verdict what) override;
  void on_departure(const device::Departure& departure) override;

  const SimulationSettings settings_;
  std::unique_ptr<device::PacketDevice> device_;
  std::unique_ptr<DeviceMaps> maps_;
  bpf::Program program_;
  std::uint32_t next_slot_ = 0;  // of the instruction store
  std::vector<Fate> fates_;
  std::vector<std::size_t> order_;
  std::optional<SwapCycles> swap_cycles_;
  std::vector<std::uint64_t> next_start_;  // cycle at which a port's next packet may begin
  std::uint64_t first_cycle_ = 0, last_cycle_ = 0;
  double host_seconds_ = 0;
};

}  // namespace faisca::sim
