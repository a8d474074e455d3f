#include "hw/sim/simulation.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "hw/regs/packet_regs.h"
#include "lib/bpf/object.h"
#include "lib/bpf/verifier.h"

namespace faisca::sim {
namespace {

constexpr std::uint64_t kStep = 64;                // cycles between two looks at the queues
constexpr std::size_t kAhead = 16;                 // packets that wait at a port
constexpr std::uint64_t kDrainCycles = 5'000'000;  // far beyond budget and longest queue

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<std::unique_ptr<Simulation>> Simulation::create(const SimulationSettings& settings) {
  std::unique_ptr<Simulation> simulation(new Simulation(settings));
  FAISCA_TRY(device, device::PacketDevice::create(settings.macs));
  simulation->device_ = std::move(device);
  simulation->device_->set_listener(simulation.get());
  simulation->maps_ = std::make_unique<DeviceMaps>(*simulation->device_);
  FAISCA_CHECK_OK(simulation->maps_->start());
  simulation->next_start_.resize(simulation->device_->shape().ports);
  return simulation;
}

// Links the program twice: to learn what it needs, and with the places that the device has for it.
Result<bpf::Program> Simulation::place(const SourceProgram& source) {
  const device::PacketShape& shape = device_->shape();
  bpf::LinkOptions options;
  options.program = source.name;
  options.convention = bpf::Convention::kXdp;
  options.limits.instruction_slots = shape.program_slots;
  options.limits.data_bytes = shape.data_bytes;
  options.limits.memory_bytes = packet_regs::kMaxLength;
  FAISCA_TRY(object, bpf::load_object(bytes_of(source.object)));
  FAISCA_TRY(program, bpf::link(object, options));
  FAISCA_CHECK_OK(bpf::verify(program, {.limits = options.limits}));

  FAISCA_TRY(data_offset, maps_->reserve(static_cast<std::uint32_t>(program.data.size()), program.name));
  std::vector<std::pair<std::string, std::uint32_t>> handles;
  for (const bpf::MapDescriptor& map : program.maps) {
    FAISCA_TRY(handle, maps_->define(map));
    handles.emplace_back(map.name, handle);
  }
  options.data_offset = data_offset;
  options.map_id = [&](const bpf::MapDescriptor& map) {
    return std::find_if(handles.begin(), handles.end(),
                        [&](const auto& one) { return one.first == map.name; })
        ->second;
  };
  FAISCA_TRY(placed, bpf::link(object, options));
  FAISCA_CHECK_OK(maps_->write_data(data_offset, placed.data));
  return placed;
}

Status Simulation::write_version(const SourceProgram& source) {
  FAISCA_TRY(program, place(source));
  FAISCA_CHECK_OK(device_->load(0, {.slots = program.slots,
                                    .entry = program.entry,
                                    .first_slot = next_slot_,
                                    .data_begin = 0,
                                    .data_end = maps_->data_end()}));
  next_slot_ += static_cast<std::uint32_t>(program.slots.size());
  program_ = std::move(program);
  return {};
}

Status Simulation::load(const SourceProgram& source) {
  FAISCA_CHECK_OK(write_version(source));
  FAISCA_CHECK_OK(device_->activate(0));
  for (std::uint32_t port = 0; port < device_->shape().ports; ++port)
    FAISCA_CHECK_OK(device_->attach(port, 0));
  return {};
}

Status Simulation::run(const std::vector<Packet>& packets) { return play(packets, nullptr); }

Status Simulation::run(const std::vector<Packet>& packets, const Swap& swap) { return play(packets, &swap); }

void Simulation::send(const std::vector<Packet>& packets, std::size_t index) {
  const Packet& packet = packets[index];
  std::uint64_t& start = next_start_[packet.port];
  device_->send(packet.port, index, packet.bytes, start);
  if (settings_.packets_per_second > 0) {
    const double interval = device::kClockHz * device_->shape().ports / settings_.packets_per_second;
    start = std::max<std::uint64_t>(start, device_->cycle()) + static_cast<std::uint64_t>(interval);
  }
}

Status Simulation::exchange() {
  const std::uint64_t before = device_->cycle();
  FAISCA_CHECK_OK(device_->activate(0));
  swap_cycles_ = SwapCycles{before, device_->cycle()};
  return {};
}

Status Simulation::play(const std::vector<Packet>& packets, const Swap* swap) {
  fates_.assign(packets.size(), {});
  for (std::size_t index = 0; index < packets.size(); ++index) fates_[index].port = packets[index].port;
  order_.clear();
  order_.reserve(packets.size());
  const std::uint32_t ports = device_->shape().ports;
  for (const Packet& packet : packets)
    if (packet.port >= ports)
      return fail(Code::kInvalidArgument, "the device has no port " + std::to_string(packet.port),
                  "ports are 0 to " + std::to_string(ports - 1));
  // The next version is in its bank before the first packet comes.
  if (swap) FAISCA_CHECK_OK(write_version(swap->next));
  device_->reset_activity();
  first_cycle_ = device_->cycle();
  std::fill(next_start_.begin(), next_start_.end(), first_cycle_);
  const auto started = std::chrono::steady_clock::now();
  FAISCA_CHECK_OK(settings_.serial ? play_serial(packets, swap) : play_together(packets, swap));
  last_cycle_ = device_->cycle();
  host_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return {};
}

Status Simulation::play_together(const std::vector<Packet>& packets, const Swap* swap) {
  struct Port {
    std::vector<std::size_t> packets;  // indices, in order
    std::size_t given = 0;             // to the device
    std::size_t early = 0;             // before the swap
  };
  std::vector<Port> ports(device_->shape().ports);
  for (std::size_t index = 0; index < packets.size(); ++index) {
    Port& port = ports[packets[index].port];
    port.packets.push_back(index);
    if (swap && index < swap->at) ++port.early;
  }
  for (bool more = true; more;) {
    more = false;
    bool all_begun = true, nearly_all_begun = true;  // of the packets before the swap
    for (std::uint32_t number = 0; number < ports.size(); ++number) {
      Port& port = ports[number];
      while (port.given < port.packets.size() && device_->queued(number) < kAhead)
        send(packets, port.packets[port.given++]);
      more |= port.given < port.packets.size();
      const std::size_t begun = port.given - device_->queued(number);
      all_begun &= begun >= port.early;
      nearly_all_begun &= begun + kAhead >= port.early;
    }
    const bool swap_to_come = swap && !swap_cycles_;
    if (swap_to_come && all_begun) FAISCA_CHECK_OK(exchange());
    more |= swap_to_come;
    device_->step(swap_to_come && nearly_all_begun ? 1 : kStep);
  }
  return device_->drain(kDrainCycles);
}

Status Simulation::play_serial(const std::vector<Packet>& packets, const Swap* swap) {
  for (std::size_t index = 0; index < packets.size(); ++index) {
    if (swap && index == swap->at) FAISCA_CHECK_OK(exchange());
    send(packets, index);
    FAISCA_CHECK_OK(device_->drain(kDrainCycles));
  }
  if (swap && !swap_cycles_) FAISCA_CHECK_OK(exchange());
  return {};
}

void Simulation::on_received(std::uint64_t id, std::uint32_t /*port*/, packet_regs::Ingress what) {
  Fate& fate = fates_.at(id);
  fate.ingress = what;
  fate.received_cycle = device_->cycle();
  if (what == packet_regs::Ingress::kAccepted) order_.push_back(id);
}

void Simulation::on_verdict(std::uint64_t id, std::uint32_t /*port*/, packet_regs::Verdict what) {
  Fate& fate = fates_.at(id);
  if (what == packet_regs::Verdict::kRefused)
    fate.refused = true;
  else
    fate.verdict = what;
}

void Simulation::on_departure(const device::Departure& departure) {
  if (departure.id >= fates_.size()) return;
  Fate& fate = fates_[departure.id];
  const bool first = fate.outputs == 0 && !fate.to_host;
  if (departure.to_host)
    fate.to_host = true;
  else
    fate.outputs |= 1u << departure.port;
  if (first) {
    fate.latency_cycles = departure.departure - departure.arrival;
    if (settings_.keep_bytes) fate.bytes.assign(departure.bytes.begin(), departure.bytes.end());
  } else if (settings_.keep_bytes && !std::equal(departure.bytes.begin(), departure.bytes.end(),
                                                 fate.bytes.begin(), fate.bytes.end())) {
    fate.mixed = true;
  }
}

}  // namespace faisca::sim
