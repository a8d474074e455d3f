// The packet pipeline as a simulation of its RTL, cycle by cycle, inside this process: programs in, packets
// in and out with their cycles, counters, registers.
//
// Packets are given to ports ahead of time; step() lets the clock run, plays MACs of 10 Gb/s on every port at
// an assumed 200 MHz, and tells a listener what became of each packet. A register access takes cycles, during
// which traffic goes on. Several devices may live in one process. Thread: one device, one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "hw/regs/packet_regs.h"
#include "lib/base/result.h"

namespace faisca::device {

inline constexpr double kClockHz = packet_regs::kClockHz;

// What a packet was when it left.
struct Departure {
  std::uint64_t id = 0;                 // as given to send()
  std::uint32_t source = 0;             // port that it came in
  std::uint32_t port = 0;               // port that it left by, or whose host queue
  bool to_host = false;                 // XDP_PASS
  std::uint64_t arrival = 0;            // cycle of the first beat in
  std::uint64_t departure = 0;          // cycle in which the first beat was offered
  std::span<const std::uint8_t> bytes;  // valid during the call
};

// Called from within step(). Packets of one port are reported in the order in which they came.
class PacketListener {
 public:
  virtual ~PacketListener() = default;
  virtual void on_received(std::uint64_t /*id*/, std::uint32_t /*port*/, packet_regs::Ingress /*what*/) {}
  virtual void on_verdict(std::uint64_t /*id*/, std::uint32_t /*port*/, packet_regs::Verdict /*what*/) {}
  virtual void on_departure(const Departure& /*departure*/) {}
};

// How the simulated MACs behave.
struct MacSettings {
  // Packets follow each other as on a 10 Gb/s wire, and leave no faster. false: as fast as the device takes
  // and gives them, for tests.
  bool line_rate = true;
  // Each beat comes when its bytes have been received; false: a packet's beats come one a cycle.
  bool beats_as_received = true;
  // Not 0: outputs pause, and beats come, at random moments; the same seed gives the same moments.
  std::uint64_t stall_seed = 0;
};

// Where the engines' cycles went, in engine cycles since the last reset_activity().
struct Activity {
  std::uint64_t idle = 0;
  std::uint64_t issue = 0;
  std::uint64_t load_use = 0;
  std::uint64_t branch = 0;
  std::uint64_t call = 0;   // waiting for a map or helper
  std::uint64_t data = 0;   // waiting for the data region
  std::uint64_t beat = 0;   // waiting for bytes that had not arrived
  std::uint64_t other = 0;  // start of runs, multiply, divide, local calls

  bool operator==(const Activity&) const = default;
};

struct Counter {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};
struct PortCounters {
  std::array<Counter, 16> received{};  // by packet_regs::Ingress
  std::array<Counter, 16> verdicts{};  // by packet_regs::Verdict
  Counter sent;
  Counter to_host;
};

struct PacketShape {
  std::uint32_t ports = 0;
  std::uint32_t engines = 0;  // of one port
  std::uint32_t threads = 0;  // of one engine
  std::uint32_t slots = 0;    // packets that an engine holds
  std::uint32_t program_slots = 0;
  std::uint32_t data_bytes = 0;
};

// A program's code as the device takes it.
struct ProgramVersion {
  std::span<const std::uint64_t> slots;
  std::uint32_t entry = 0;       // index into `slots`
  std::uint32_t first_slot = 0;  // where they go in the device's instruction store
  std::uint32_t data_begin = 0;  // bytes of the data region that it may touch: [begin, end), multiples of 8
  std::uint32_t data_end = 0;
};

class PacketDevice {
 public:
  // A device after reset, identity checked; kInternal if it does not identify itself.
  static Result<std::unique_ptr<PacketDevice>> create(const MacSettings& settings = {});
  ~PacketDevice();

  const PacketShape& shape() const;
  void set_listener(PacketListener* listener);  // not owned; nullptr: none

  // Registers, docs/reference/packet-registers.md. kFailedPrecondition if the device refuses.
  Result<std::uint32_t> read(std::uint32_t offset);
  Status write(std::uint32_t offset, std::uint32_t value);

  // Writes a version of `program` (0 to 7) beside the one that runs. The instruction slots may not be in
  // use. kInvalidArgument names what does not fit.
  Status load(std::uint32_t program, const ProgramVersion& version);
  // Makes the loaded version the one that runs, from the next packet on. kFailedPrecondition while packets
  // from before the last switch are still inside (draining).
  Status activate(std::uint32_t program);
  Result<bool> draining();
  Status attach(std::uint32_t port, std::uint32_t program);
  Status detach(std::uint32_t port);
  Result<PortCounters> counters(std::uint32_t port);

  // Queues a packet, without FCS, for `port`: sent in order, at cycle `earliest` at the earliest. 1 to 65535
  // bytes; longer than the device takes is allowed, it counts such packets.
  void send(std::uint32_t port, std::uint64_t id, std::span<const std::uint8_t> bytes,
            std::uint64_t earliest = 0);
  std::size_t queued(std::uint32_t port) const;  // packets not yet begun

  void step(std::uint64_t cycles);
  std::uint64_t cycle() const;
  // Nothing is queued, inside, or on its way out; as far as register-free observation shows.
  bool idle() const;
  // Steps until idle; kDeadlineExceeded after `max_cycles`.
  Status drain(std::uint64_t max_cycles);

  Activity activity() const;
  void reset_activity();
  // The engines' activity is counted while this is on (it is after create); off saves simulation time.
  void count_activity(bool on);

 private:
  class Model;
  explicit PacketDevice(std::unique_ptr<Model> model);
  std::unique_ptr<Model> model_;
};

}  // namespace faisca::device
