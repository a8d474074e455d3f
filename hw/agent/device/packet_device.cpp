#include "hw/agent/device/packet_device.h"

#include <bit>
#include <deque>
#include <string>

#include "Vfaisca_packet.h"
#include "hw/agent/device/packet_streams.h"
#include "verilated.h"

namespace faisca::device {

namespace regs = packet_regs;

namespace {

constexpr std::uint32_t kBusTimeout = 10'000;  // cycles
constexpr std::uint64_t kQuietCycles = 64;     // longer than a finished packet takes to reach its output
constexpr std::size_t kRemembered = 16'384;    // accepted packets whose departures can still be named
constexpr std::size_t kLatencyWords = 8;

// A small generator for pauses: fast, and the same everywhere.
class Pauses {
 public:
  explicit Pauses(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1), on_(seed != 0) {}
  // True about one time in four, in runs of random length; never if there is no seed.
  bool now() {
    if (!on_) return false;
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    if (left_ > 0) {
      --left_;
      return true;
    }
    if ((state_ & 15) == 0) left_ = (state_ >> 8) & 7;
    return left_ > 0;
  }

 private:
  std::uint64_t state_;
  bool on_;
  std::uint64_t left_ = 0;
};

struct Accepted {
  std::uint64_t id;
  std::uint64_t arrival;
};

}  // namespace

class PacketDevice::Model {
 public:
  explicit Model(const MacSettings& settings) : settings_(settings) {
    top_.rst_ni = 0;
    for (int i = 0; i < 4; ++i) clock();
    top_.rst_ni = 1;
    // Local memories and counters are cleared after reset.
    for (int i = 0; i < 256; ++i) clock();
  }
  ~Model() {
    // The model's end looks at the thread's context, which may be that of a device that is gone.
    Verilated::threadContextp(&context_);
    top_.final();
  }

  Status identify() {
    FAISCA_TRY(id, read(regs::device::kId));
    if (id != regs::kIdValue)
      return fail(Code::kInternal, "the device's ID register reads " + std::to_string(id) + ", not " +
                                       std::to_string(regs::kIdValue));
    FAISCA_TRY(ports, read(regs::device::kConfigPorts));
    FAISCA_TRY(engines, read(regs::device::kConfigEngines));
    FAISCA_TRY(threads, read(regs::device::kConfigThreads));
    FAISCA_TRY(slots, read(regs::device::kConfigSlots));
    FAISCA_TRY(program_slots, read(regs::device::kConfigProgramSlots));
    FAISCA_TRY(data_bytes, read(regs::device::kConfigDataBytes));
    shape_ = {ports, engines, threads, slots, program_slots, data_bytes};
    ports_.clear();
    for (std::uint32_t p = 0; p < shape_.ports; ++p) ports_.emplace_back(settings_.stall_seed, p);
    outputs_.clear();
    for (std::uint32_t o = 0; o < 2 * shape_.ports; ++o)
      outputs_.emplace_back(settings_.stall_seed ? settings_.stall_seed + 100 + o : 0);
    return {};
  }

  Result<std::uint32_t> read(std::uint32_t offset) {
    top_.s_axil_araddr = static_cast<std::uint16_t>(offset);
    top_.s_axil_arvalid = 1;
    top_.s_axil_rready = 1;
    for (std::uint32_t i = 0; i < kBusTimeout; ++i) {
      top_.eval();  // ready depends on valid in the same cycle
      const bool taken = top_.s_axil_arvalid && top_.s_axil_arready;
      const bool answered = top_.s_axil_rvalid;
      const std::uint32_t value = top_.s_axil_rdata;
      const bool refused = top_.s_axil_rresp != 0;
      tick();
      if (taken) top_.s_axil_arvalid = 0;
      if (!answered) continue;
      top_.s_axil_rready = 0;
      if (refused) return refusal("read", offset);
      return value;
    }
    return fail(Code::kInternal,
                "the device does not answer a read of register offset " + std::to_string(offset));
  }

  Status write(std::uint32_t offset, std::uint32_t value) {
    top_.s_axil_awaddr = static_cast<std::uint16_t>(offset);
    top_.s_axil_awvalid = 1;
    top_.s_axil_wvalid = 1;
    top_.s_axil_wdata = value;
    top_.s_axil_wstrb = 0xf;
    top_.s_axil_bready = 1;
    for (std::uint32_t i = 0; i < kBusTimeout; ++i) {
      top_.eval();
      const bool taken = top_.s_axil_awvalid && top_.s_axil_awready;
      const bool answered = top_.s_axil_bvalid;
      const bool refused = top_.s_axil_bresp != 0;
      tick();
      if (taken) top_.s_axil_awvalid = top_.s_axil_wvalid = 0;
      if (!answered) continue;
      top_.s_axil_bready = 0;
      if (refused) return refusal("write", offset);
      return {};
    }
    return fail(Code::kInternal,
                "the device does not answer a write of register offset " + std::to_string(offset));
  }

  // One cycle: what the outputs show goes out, what is due comes in, then the clock's edge.
  void tick() {
    const std::uint64_t now = top_.cycle_o;
    take_outputs(now);
    offer_inputs(now);
    clock();
    if (top_.ingress_event_o | top_.verdict_event_o) report_events();
    if (count_activity_) count_engines();
  }

  bool idle() const {
    if (top_.cycle_o < last_moved_ + kQuietCycles || inside_ != 0 || top_.m_axis_tvalid != 0) return false;
    for (const Port& port : ports_)
      if (!port.sender.empty()) return false;
    return true;
  }

  PacketShape shape_;
  PacketListener* listener_ = nullptr;
  bool count_activity_ = true;
  std::array<std::uint64_t, 8> activity_{};

  StreamSender& sender(std::uint32_t port) { return ports_.at(port).sender; }
  std::uint64_t cycle() const { return top_.cycle_o; }

 private:
  struct Port {
    Port(std::uint64_t seed, std::uint32_t index) : pauses(seed ? seed + index : 0) {}
    StreamSender sender;
    Pauses pauses;
    std::deque<Accepted> begun;     // first beat given, fate unknown
    std::deque<Accepted> accepted;  // in an engine
    std::deque<Accepted> judged;    // remembered for departures
  };
  struct Output {
    explicit Output(std::uint64_t seed) : pauses(seed) {}
    StreamReceiver receiver;
    Pauses pauses;
  };

  void clock() {
    top_.clk_i = 1;
    top_.eval();
    top_.clk_i = 0;
    top_.eval();
  }

  void take_outputs(std::uint64_t now) {
    std::uint32_t ready = 0;
    const std::uint32_t valid = top_.m_axis_tvalid;
    for (std::uint32_t o = 0; o < outputs_.size(); ++o) {
      Output& output = outputs_[o];
      // The host's queues are emptied as fast as they fill.
      const bool network = o < shape_.ports;
      if (output.pauses.now() || !output.receiver.ready(now, network && settings_.line_rate)) continue;
      ready |= 1u << o;
      if (!((valid >> o) & 1)) continue;
      last_moved_ = now;
      const std::uint32_t count = static_cast<std::uint32_t>(std::popcount(top_.m_axis_tkeep[o]));
      const bool last = (top_.m_axis_tlast >> o) & 1;
      if (output.receiver.take(now, &top_.m_axis_tdata[kLatencyWords * o], count, last))
        report_departure(o, now);
    }
    top_.m_axis_tready = static_cast<std::uint8_t>(ready);
  }

  void report_departure(std::uint32_t o, std::uint64_t now) {
    if (!listener_) return;
    const std::uint32_t* user = &top_.m_axis_tuser[4 * o];
    Departure departure;
    departure.source = static_cast<std::uint32_t>(std::countr_zero((user[0] >> 16) & 0xff)) / 2;
    departure.to_host = o >= shape_.ports;
    departure.port = o % shape_.ports;
    departure.arrival = now - static_cast<std::uint32_t>(static_cast<std::uint32_t>(now) - user[1]);
    departure.departure = now - static_cast<std::uint32_t>(static_cast<std::uint32_t>(now) - user[2]);
    departure.bytes = outputs_[o].receiver.bytes();
    const auto& judged = ports_[departure.source].judged;
    const auto found =
        std::lower_bound(judged.begin(), judged.end(), departure.arrival,
                         [](const Accepted& a, std::uint64_t arrival) { return a.arrival < arrival; });
    departure.id = found != judged.end() ? found->id : ~std::uint64_t{0};
    listener_->on_departure(departure);
  }

  void offer_inputs(std::uint64_t now) {
    std::uint32_t valid = 0;
    std::uint32_t last = 0;
    Beat beat;
    for (std::uint32_t p = 0; p < ports_.size(); ++p) {
      Port& port = ports_[p];
      if (port.sender.empty()) continue;
      if (!port.sender.next(now, settings_.line_rate, settings_.beats_as_received, port.pauses.now(), beat))
        continue;
      valid |= 1u << p;
      last |= static_cast<std::uint32_t>(beat.last) << p;
      std::memcpy(&top_.s_axis_tdata[8 * p], beat.data, sizeof beat.data);
      top_.s_axis_tkeep[p] = beat.keep;
      if (beat.first) {
        top_.s_axis_tuser[4 * p] = beat.length | (1u << (16 + 2 * p));
        port.begun.push_back({beat.id, now});
        ++inside_;
      }
    }
    top_.s_axis_tvalid = static_cast<std::uint8_t>(valid);
    top_.s_axis_tlast = static_cast<std::uint8_t>(last);
  }

  // Events show what happens in the cycle that the clock has just begun.
  void report_events() {
    last_moved_ = top_.cycle_o;
    for (std::uint32_t p = 0; p < ports_.size(); ++p) {
      Port& port = ports_[p];
      if ((top_.verdict_event_o >> p) & 1) {
        const auto verdict = static_cast<regs::Verdict>((top_.verdict_kind_o >> (4 * p)) & 0xf);
        const bool refused = verdict == regs::Verdict::kRefused;
        if (!refused && !port.accepted.empty()) {
          --inside_;
          port.judged.push_back(port.accepted.front());
          port.accepted.pop_front();
          if (port.judged.size() > kRemembered) port.judged.pop_front();
        }
        if (listener_ && !port.judged.empty()) listener_->on_verdict(port.judged.back().id, p, verdict);
      }
      if (((top_.ingress_event_o >> p) & 1) && !port.begun.empty()) {
        const Accepted packet = port.begun.front();
        port.begun.pop_front();
        const auto what = static_cast<regs::Ingress>((top_.ingress_kind_o >> (4 * p)) & 0xf);
        if (what == regs::Ingress::kAccepted)
          port.accepted.push_back(packet);
        else
          --inside_;
        if (listener_) listener_->on_received(packet.id, p, what);
      }
    }
  }

  void count_engines() {
    const std::uint32_t engines = shape_.ports * shape_.engines;
    std::uint64_t bits = 0;
    std::uint32_t have = 0;
    std::uint32_t word = 0;
    for (std::uint32_t e = 0; e < engines; ++e) {
      if (have < 3) {
        bits |= std::uint64_t{top_.activity_o[word++]} << have;
        have += 32;
      }
      ++activity_[bits & 7];
      bits >>= 3;
      have -= 3;
    }
  }

  static tl::unexpected<Error> refusal(const char* what, std::uint32_t offset) {
    return fail(
        Code::kFailedPrecondition,
        std::string("the device refused the ") + what + " of register offset " + std::to_string(offset),
        "the register does not exist, or not in this state: docs/reference/packet-registers.md");
  }

  MacSettings settings_;
  VerilatedContext context_;
  Vfaisca_packet top_{&context_, "faisca_packet"};
  std::vector<Port> ports_;
  std::vector<Output> outputs_;
  std::uint64_t inside_ = 0;
  std::uint64_t last_moved_ = 0;
};

PacketDevice::PacketDevice(std::unique_ptr<Model> model) : model_(std::move(model)) {}
PacketDevice::~PacketDevice() = default;

Result<std::unique_ptr<PacketDevice>> PacketDevice::create(const MacSettings& settings) {
  auto model = std::make_unique<Model>(settings);
  FAISCA_CHECK_OK(model->identify());
  return std::unique_ptr<PacketDevice>(new PacketDevice(std::move(model)));
}

const PacketShape& PacketDevice::shape() const { return model_->shape_; }
void PacketDevice::set_listener(PacketListener* listener) { model_->listener_ = listener; }
Result<std::uint32_t> PacketDevice::read(std::uint32_t offset) { return model_->read(offset); }
Status PacketDevice::write(std::uint32_t offset, std::uint32_t value) { return model_->write(offset, value); }

Status PacketDevice::load(std::uint32_t program, const ProgramVersion& version) {
  if (program >= regs::kPrograms)
    return fail(Code::kInvalidArgument, "program " + std::to_string(program) + " does not exist",
                "a device holds programs 0 to " + std::to_string(regs::kPrograms - 1));
  const std::uint64_t end = std::uint64_t{version.first_slot} + version.slots.size();
  if (version.slots.empty() || end > shape().program_slots)
    return fail(Code::kInvalidArgument,
                std::to_string(version.slots.size()) + " instruction slots from slot " +
                    std::to_string(version.first_slot) + " on do not fit",
                "the device has " + std::to_string(shape().program_slots));
  if (version.entry >= version.slots.size())
    return fail(Code::kInvalidArgument, "entry " + std::to_string(version.entry) + " is outside the program");
  if (version.data_begin % 8 || version.data_end % 8 || version.data_begin > version.data_end ||
      version.data_end > shape().data_bytes)
    return fail(Code::kInvalidArgument,
                "the data window " + std::to_string(version.data_begin) + " to " +
                    std::to_string(version.data_end) + " is not one of the device's",
                "multiples of 8 up to " + std::to_string(shape().data_bytes));
  FAISCA_TRY(status, read(regs::device::kProgramStatus));
  if (status & regs::device::kProgramStatusDraining)
    return fail(Code::kFailedPrecondition, "packets from before the last switch still run",
                "wait until draining() is false");
  FAISCA_CHECK_OK(write(regs::device::kProgramAddress, version.first_slot));
  for (const std::uint64_t slot : version.slots) {
    FAISCA_CHECK_OK(write(regs::device::kProgramLow, static_cast<std::uint32_t>(slot)));
    FAISCA_CHECK_OK(write(regs::device::kProgramHigh, static_cast<std::uint32_t>(slot >> 32)));
  }
  FAISCA_CHECK_OK(write(regs::device::kVersionFirst, version.first_slot));
  FAISCA_CHECK_OK(write(regs::device::kVersionEnd, static_cast<std::uint32_t>(end)));
  FAISCA_CHECK_OK(write(regs::device::kVersionEntry, version.first_slot + version.entry));
  FAISCA_CHECK_OK(write(regs::device::kVersionDataBegin, version.data_begin));
  FAISCA_CHECK_OK(write(regs::device::kVersionDataEnd, version.data_end));
  const std::uint32_t other_bank = ((status >> program) & 1) ^ 1;
  return write(regs::device::kVersionDefine, program * regs::kBanks + other_bank);
}

Status PacketDevice::activate(std::uint32_t program) { return write(regs::device::kProgramSwitch, program); }

Result<bool> PacketDevice::draining() {
  FAISCA_TRY(status, read(regs::device::kProgramStatus));
  return (status & regs::device::kProgramStatusDraining) != 0;
}

namespace {
std::uint32_t port_register(std::uint32_t port, std::uint32_t offset) {
  return regs::kPortBase + port * regs::kPortStride + offset;
}
}  // namespace

Status PacketDevice::attach(std::uint32_t port, std::uint32_t program) {
  if (port >= shape().ports || program >= regs::kPrograms)
    return fail(Code::kInvalidArgument, "port " + std::to_string(port) + " or program " +
                                            std::to_string(program) + " does not exist");
  return write(port_register(port, regs::port::kProgram), program | regs::port::kProgramAttached);
}

Status PacketDevice::detach(std::uint32_t port) {
  if (port >= shape().ports)
    return fail(Code::kInvalidArgument, "port " + std::to_string(port) + " does not exist");
  return write(port_register(port, regs::port::kProgram), 0);
}

Result<PortCounters> PacketDevice::counters(std::uint32_t port) {
  if (port >= shape().ports)
    return fail(Code::kInvalidArgument, "port " + std::to_string(port) + " does not exist");
  const auto counter = [&](std::uint32_t base, std::uint32_t index) -> Result<Counter> {
    const std::uint32_t offset = port_register(port, base + index * regs::kCounterStride);
    FAISCA_TRY(packets, read(offset));
    FAISCA_TRY(low, read(offset + 8));
    FAISCA_TRY(high, read(offset + 12));
    return Counter{packets, low | std::uint64_t{high} << 32};
  };
  PortCounters counters;
  for (std::uint32_t i = 0; i < 16; ++i) {
    FAISCA_TRY(received, counter(regs::port::kRx, i));
    FAISCA_TRY(verdict, counter(regs::port::kVerdict, i));
    counters.received[i] = received;
    counters.verdicts[i] = verdict;
  }
  FAISCA_TRY(sent, counter(regs::port::kTx, static_cast<std::uint32_t>(regs::Egress::kSent)));
  FAISCA_TRY(to_host, counter(regs::port::kTx, static_cast<std::uint32_t>(regs::Egress::kToHost)));
  counters.sent = sent;
  counters.to_host = to_host;
  return counters;
}

void PacketDevice::send(std::uint32_t port, std::uint64_t id, std::span<const std::uint8_t> bytes,
                        std::uint64_t earliest) {
  model_->sender(port).push(id, bytes, earliest);
}
std::size_t PacketDevice::queued(std::uint32_t port) const { return model_->sender(port).queued(); }

void PacketDevice::step(std::uint64_t cycles) {
  for (std::uint64_t i = 0; i < cycles; ++i) model_->tick();
}
std::uint64_t PacketDevice::cycle() const { return model_->cycle(); }
bool PacketDevice::idle() const { return model_->idle(); }

Status PacketDevice::drain(std::uint64_t max_cycles) {
  for (std::uint64_t i = 0; i < max_cycles; ++i) {
    if (idle()) return {};
    step(1);
  }
  return fail(Code::kDeadlineExceeded,
              "packets are still in the device after " + std::to_string(max_cycles) + " cycles");
}

Activity PacketDevice::activity() const {
  const auto& a = model_->activity_;
  return {a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]};
}
void PacketDevice::reset_activity() { model_->activity_.fill(0); }
void PacketDevice::count_activity(bool on) { model_->count_activity_ = on; }

}  // namespace faisca::device
