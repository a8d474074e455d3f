// What the packet pipeline's tests share: a scoreboard that knows from the C++ model what must become of
// every packet, and traffic of random sizes and bytes.
//
// The model runs each packet before the device gets it, so programs here keep nothing between packets.
// Thread: one test, one thread.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hw/agent/device/packet_device.h"
#include "hw/model/machine.h"
#include "hw/tb/bench.h"
#include "lib/bpf/assembler.h"

namespace faisca::tb {

using packet_regs::Ingress;

// An XDP program from assembly text.
inline bpf::Program xdp_program(std::string_view text) {
  auto program = bpf::assemble(text);
  if (!program) throw std::runtime_error(program.error().message);
  program->convention = bpf::Convention::kXdp;
  return std::move(*program);
}

inline std::vector<std::uint8_t> random_packet(Random& random, std::size_t bytes) {
  std::vector<std::uint8_t> packet(bytes);
  for (auto& byte : packet) byte = static_cast<std::uint8_t>(random.below(256));
  return packet;
}

class Scoreboard : public device::PacketListener {
 public:
  struct Expected {
    std::uint32_t port;
    packet_regs::Verdict verdict;
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint32_t> outputs;  // ports; the host's queue of port p is 4 + p
    std::size_t departed = 0;
    bool received = false;
    bool judged = false;
  };

  void expect(std::uint64_t id, Expected expected) { expected_[id] = std::move(expected); }

  void on_received(std::uint64_t id, std::uint32_t port, Ingress what) override {
    Expected& packet = expected_.at(id);
    EXPECT_EQ(what, Ingress::kAccepted) << "packet " << id;
    EXPECT_EQ(port, packet.port);
    packet.received = true;
  }
  void on_verdict(std::uint64_t id, std::uint32_t port, packet_regs::Verdict what) override {
    Expected& packet = expected_.at(id);
    EXPECT_EQ(what, packet.verdict) << "packet " << id << " of " << packet.bytes.size() << " bytes";
    EXPECT_EQ(port, packet.port);
    EXPECT_FALSE(packet.judged) << "packet " << id;
    packet.judged = true;
  }
  void on_departure(const device::Departure& departure) override {
    ASSERT_TRUE(expected_.contains(departure.id)) << departure.id;
    Expected& packet = expected_.at(departure.id);
    const std::uint32_t output = departure.port + (departure.to_host ? 4 : 0);
    EXPECT_EQ(std::count(packet.outputs.begin(), packet.outputs.end(), output), 1)
        << "packet " << departure.id;
    EXPECT_TRUE(
        std::equal(departure.bytes.begin(), departure.bytes.end(), packet.bytes.begin(), packet.bytes.end()))
        << "packet " << departure.id << " of " << packet.bytes.size() << " bytes, got "
        << departure.bytes.size();
    // Packets of one source leave an output in the order in which they came.
    std::uint64_t& last = last_[{departure.source, output}];
    EXPECT_LE(last, departure.id);
    last = departure.id;
    ++packet.departed;
    latencies.push_back(departure.departure - departure.arrival);
  }

  void expect_all_done() const {
    for (const auto& [id, packet] : expected_) {
      EXPECT_TRUE(packet.received && packet.judged) << "packet " << id;
      EXPECT_EQ(packet.departed, packet.outputs.size()) << "packet " << id;
    }
  }

  std::vector<std::uint64_t> latencies;  // cycles from first beat in to first beat out

 private:
  std::map<std::uint64_t, Expected> expected_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> last_;
};

// What the model makes of a packet.
class Oracle {
 public:
  explicit Oracle(const bpf::Program& program) {
    auto machine = model::Machine::create(program, environment_);
    if (!machine) throw std::runtime_error(machine.error().message);
    machine_ = std::move(*machine);
  }

  Scoreboard::Expected judge(std::uint32_t port, std::span<const std::uint8_t> packet) {
    environment_.ifindex = 0;
    const auto outcome = machine_->run_packet(packet, {.ingress_ifindex = port + 1});
    Scoreboard::Expected expected{
        .port = port, .verdict = packet_regs::Verdict::kAborted, .bytes = {}, .outputs = {}};
    if (!outcome.ok()) {
      expected.verdict = static_cast<packet_regs::Verdict>(8 + static_cast<std::uint32_t>(outcome.fault));
      return expected;
    }
    const auto r0 = static_cast<std::uint32_t>(outcome.r0);
    expected.verdict = r0 > 4 ? packet_regs::Verdict::kAborted : static_cast<packet_regs::Verdict>(r0);
    const auto bytes = machine_->regions().memory();
    expected.bytes.assign(bytes.begin(), bytes.end());
    switch (expected.verdict) {
      case packet_regs::Verdict::kPass:
        expected.outputs = {4 + port};
        break;
      case packet_regs::Verdict::kTx:
        expected.outputs = {port};
        break;
      case packet_regs::Verdict::kRedirect:
        if (environment_.ifindex >= 1 && environment_.ifindex <= 4)
          expected.outputs = {environment_.ifindex - 1};
        else
          expected.verdict = packet_regs::Verdict::kRedirectFailed;
        break;
      default:
        break;
    }
    return expected;
  }

 private:
  struct World : bpf::Environment {
    std::uint64_t monotonic_ns() override { return 0; }
    std::uint32_t random_u32() override { return 0; }
    void redirect(std::span<const std::uint32_t> to) override { ifindex = to.empty() ? 0 : to.front(); }
    std::uint32_t ifindex = 0;
  };
  World environment_;
  std::unique_ptr<model::Machine> machine_;
};

// A device that runs `program` on all ports.
inline std::unique_ptr<device::PacketDevice> device_with(const bpf::Program& program,
                                                         const device::MacSettings& settings = {}) {
  auto made = device::PacketDevice::create(settings);
  if (!made) throw std::runtime_error(made.error().message);
  auto& device = **made;
  const auto must = [](const Status& status) {
    if (!status) throw std::runtime_error(status.error().message);
  };
  must(device.load(0, {.slots = program.slots, .entry = program.entry}));
  must(device.activate(0));
  for (std::uint32_t port = 0; port < device.shape().ports; ++port) must(device.attach(port, 0));
  return std::move(*made);
}

}  // namespace faisca::tb
