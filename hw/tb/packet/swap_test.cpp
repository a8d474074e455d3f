// A program is exchanged for another while packets arrive back to back on all ports: nothing is lost, nothing
// waits, no packet meets two versions, and the new version is live for the next packet.
#include "hw/tb/packet/scoreboard.h"

namespace faisca::tb {
namespace {

constexpr std::size_t kBytes = 60;

// Marks the packet twice, far apart in time, with the version's number.
std::string marker(unsigned version, unsigned work) {
  std::string text = "ldxw r2, [r1+0]\nstb [r2+14], " + std::to_string(version) + "\n";
  for (unsigned i = 0; i < work; ++i) text += "add r3, " + std::to_string(i) + "\n";
  return text + "stb [r2+15], " + std::to_string(version) + "\nmov r0, 3\nexit\n";
}

class Marks : public device::PacketListener {
 public:
  void on_received(std::uint64_t /*id*/, std::uint32_t /*port*/, packet_regs::Ingress what) override {
    if (what != packet_regs::Ingress::kAccepted) ++lost;
  }
  void on_departure(const device::Departure& departure) override {
    ++departed;
    const unsigned first = departure.bytes[14];
    const unsigned second = departure.bytes[15];
    if (first != second) ++mixed;
    auto& [last_old, first_new] = border[departure.source];
    if (first == current)
      first_new = std::min(first_new, departure.arrival);
    else
      last_old = std::max(last_old, departure.arrival);
  }
  // Begins the watch for a switch to `version`.
  void expect(unsigned version) {
    current = version;
    border.fill({0, ~std::uint64_t{0}});
  }

  std::uint64_t lost = 0, departed = 0, mixed = 0;
  unsigned current = 0;
  std::array<std::pair<std::uint64_t, std::uint64_t>, 4>
      border{};  // arrival of the last old, of the first new
};

TEST(Swap, LosesDelaysAndMixesNothingAtLineRate) {
  constexpr unsigned kSwaps = 12;
  const auto device = device_with(xdp_program(marker(0, 3)));
  Marks marks;
  device->set_listener(&marks);
  std::uint64_t id = 0;
  const std::vector<std::uint8_t> packet(kBytes);
  const auto feed = [&] {
    for (std::uint32_t port = 0; port < 4; ++port)
      while (device->queued(port) < 600) device->send(port, id++, packet);
  };
  feed();
  device->step(200);
  for (unsigned version = 1; version <= kSwaps; ++version) {
    feed();
    // Different lengths, so that old code at a new place would show.
    const bpf::Program next = xdp_program(marker(version, 3 + version % 5));
    ASSERT_TRUE(
        device->load(0, {.slots = next.slots, .entry = next.entry, .first_slot = (version % 2) * 64}));
    marks.expect(version);
    const std::uint64_t before = device->cycle();
    ASSERT_TRUE(device->activate(0));
    const std::uint64_t after = device->cycle();
    while (true) {
      const auto draining = device->draining();
      ASSERT_TRUE(draining);
      if (!*draining) break;
    }
    device->step(100);
    for (const auto& [last_old, first_new] : marks.border) {
      // The switch is one cycle within the register write; from then on every arrival is new.
      EXPECT_LT(last_old, after);
      EXPECT_GT(first_new, before);
      EXPECT_LT(last_old, first_new);
      EXPECT_LE(first_new - last_old, 15u) << "the very next packet";
    }
  }
  ASSERT_TRUE(device->drain(100'000));
  EXPECT_EQ(marks.lost, 0u);
  EXPECT_EQ(marks.mixed, 0u);
  EXPECT_EQ(marks.departed, id);
}

TEST(Swap, IsRefusedWhileTheLastOneDrains) {
  // An endless loop keeps its packet inside until the budget ends it.
  const auto device = device_with(xdp_program("again:\nja again\nexit"));
  const std::vector<std::uint8_t> packet(kBytes);
  device->send(0, 1, packet);
  device->step(100);
  const bpf::Program next = xdp_program(marker(1, 0));
  const device::ProgramVersion version{.slots = next.slots, .first_slot = 64};
  ASSERT_TRUE(device->load(0, version));
  ASSERT_TRUE(device->activate(0));
  const auto again = device->activate(0);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::kFailedPrecondition);
  EXPECT_FALSE(device->load(0, version)) << "the old version still runs";
  ASSERT_TRUE(device->drain(200'000));
  EXPECT_TRUE(device->load(0, version));
}

TEST(Programs, EachPortRunsItsOwn) {
  const auto device = device_with(xdp_program(marker(0, 0)));
  for (std::uint32_t program = 1; program < 8; ++program) {
    const bpf::Program code = xdp_program(marker(program, program));
    ASSERT_TRUE(device->load(program, {.slots = code.slots, .first_slot = program * 64}));
    ASSERT_TRUE(device->activate(program));
  }
  struct Versions : device::PacketListener {
    void on_departure(const device::Departure& departure) override {
      seen[departure.source] = departure.bytes[15];
    }
    std::array<unsigned, 4> seen{};
  } versions;
  device->set_listener(&versions);
  const std::vector<std::uint8_t> packet(kBytes);
  for (std::uint32_t first = 1; first <= 4; ++first) {
    for (std::uint32_t port = 0; port < 4; ++port) {
      ASSERT_TRUE(device->attach(port, first + port));
      device->send(port, port, packet);
    }
    ASSERT_TRUE(device->drain(10'000));
    for (std::uint32_t port = 0; port < 4; ++port) EXPECT_EQ(versions.seen[port], first + port);
  }
}

}  // namespace
}  // namespace faisca::tb
