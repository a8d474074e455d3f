// The whole packet pipeline against the C++ model: packets of random sizes and bytes, with and without random
// pauses of beats and outputs. Replay with FAISCA_SEED=n.
#include "hw/tb/packet/scoreboard.h"

namespace faisca::tb {
namespace {

// Sends what the wire carries in turn between ports 0-1 and 2-3.
constexpr const char* kWire = R"(
  ldxw r1, [r1+12]
  mov r2, 0
  add r1, -1
  xor r1, 1
  add r1, 1
  call 23
  exit)";

// Reads and writes the first 48 bytes in all sizes and alignments, behind a bounds check; swaps the halves of
// the addresses; TX, or DROP if too short.
constexpr const char* kRewrite = R"(
  ldxw r2, [r1+0]
  ldxw r3, [r1+4]
  mov r4, r2
  add r4, 48
  mov r0, 1
  jgt r4, r3, end
  ldxdw r5, [r2+1]
  ldxw r6, [r2+13]
  ldxh r7, [r2+31]
  ldxb r8, [r2+47]
  add r5, r6
  stxdw [r2+27], r5
  stxw [r2+9], r7
  stxh [r2+39], r8
  stxb [r2+0], r5
  sth [r2+4], 0x1234
  stdw [r2+16], -2
  ldxdw r9, [r2+28]
  rsh r9, 8
  stxw [r2+44], r9
  mov r0, 3
end:
  exit)";

// The sum of all bytes chooses the verdict, and is written into the last byte; every byte is waited for.
constexpr const char* kSum = R"(
  ldxw r2, [r1+0]
  ldxw r3, [r1+4]
  mov r4, r2
  mov r5, 0
again:
  ldxb r6, [r4+0]
  add r5, r6
  add r4, 1
  jlt r4, r3, again
  stxb [r4-1], r5
  mov r0, r5
  mod r0, 6
  exit)";

// Stack of two frames, a local call, multiply and divide.
constexpr const char* kCalls = R"(
  mov r6, r1
  ldxw r7, [r1+0]
  ldxw r8, [r1+4]
  mov r9, r8
  sub r9, r7
  stxdw [r10-8], r9
  stxw [r10-13], r9
  mov r1, r9
  call local square
  ldxdw r2, [r10-8]
  ldxw r3, [r10-13]
  jne r2, r9, bad
  jne32 r3, r9, bad
  div r0, r2
  jne r0, r9, bad
  stxh [r7+0], r0
  mov r0, 2
  exit
bad:
  mov r0, 0
  exit
square:
  ldxdw r0, [r10-8]
  jne r0, 0, wrong
  stxdw [r10-8], r1
  ldxdw r2, [r10-8]
  mov r0, r1
  mul r0, r2
  mov r6, 1
  mov r9, 2
  exit
wrong:
  mov r0, 0
  exit)";

// No bounds check: short packets fault.
constexpr const char* kReckless = R"(
  ldxw r2, [r1+0]
  ldxdw r3, [r2+60]
  stxdw [r2+2], r3
  mov r0, 3
  exit)";

struct Case {
  const char* name;
  const char* text;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class Pipeline : public testing::TestWithParam<Case> {
 protected:
  // Sends `count` packets to each port, each of a size that `size` gives.
  template <class Size>
  void run(const device::MacSettings& settings, std::uint32_t count, Size size) {
    const bpf::Program program = xdp_program(GetParam().text);
    const auto device = device_with(program, settings);
    Scoreboard scoreboard;
    device->set_listener(&scoreboard);
    Oracle oracle(program);
    std::uint64_t id = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      for (std::uint32_t port = 0; port < device->shape().ports; ++port) {
        const auto packet = random_packet(random_, size());
        scoreboard.expect(id, oracle.judge(port, packet));
        device->send(port, id++, packet);
      }
      // Slow programs: no more packets than the engines have slots.
      if (slow_) {
        ASSERT_TRUE(device->drain(100'000));
      }
    }
    ASSERT_TRUE(device->drain(1'000'000));
    scoreboard.expect_all_done();
  }

  Random random_;
  bool slow_ = GetParam().text == kSum || GetParam().text == kCalls;
};

TEST_P(Pipeline, DoesWithEveryPacketWhatTheModelDoes) {
  SCOPED_TRACE(random_.replay());
  run({}, slow_ ? 60 : 400, [&] { return 14 + random_.below(random_.one_in(4) ? 1501 : 120); });
}

TEST_P(Pipeline, DoesSoWhenBeatsAndOutputsPause) {
  SCOPED_TRACE(random_.replay());
  run({.line_rate = true, .beats_as_received = false, .stall_seed = 1 + random_.below(1000)},
      slow_ ? 60 : 400, [&] { return 14 + random_.below(200); });
}

INSTANTIATE_TEST_SUITE_P(Programs, Pipeline,
                         testing::Values(Case{"Wire", kWire}, Case{"Rewrite", kRewrite}, Case{"Sum", kSum},
                                         Case{"Calls", kCalls}, Case{"Reckless", kReckless}),
                         [](const auto& info) { return info.param.name; });

// Line rate on all four ports: nothing lost, and the wire's own latency, at sizes around every beat boundary.
TEST(LineRate, WireLosesNothingAtAnySize) {
  const bpf::Program program = xdp_program(kWire);
  const auto device = device_with(program);
  Oracle oracle(program);
  Random random;
  SCOPED_TRACE(random.replay());
  std::uint64_t id = 0;
  for (const std::size_t bytes :
       {60, 61, 63, 64, 65, 95, 96, 97, 127, 128, 129, 130, 256, 257, 512, 1024, 1514}) {
    Scoreboard scoreboard;
    device->set_listener(&scoreboard);
    const std::size_t count = bytes > 200 ? 40 : 200;
    for (std::size_t i = 0; i < count; ++i)
      for (std::uint32_t port = 0; port < 4; ++port) {
        const auto packet = random_packet(random, bytes);
        scoreboard.expect(id, oracle.judge(port, packet));
        device->send(port, id++, packet);
      }
    ASSERT_TRUE(device->drain(100'000)) << bytes;
    scoreboard.expect_all_done();
  }
}

TEST(Drops, AreCountedByCause) {
  const auto device = device_with(xdp_program("mov r0, 1\nexit"));
  ASSERT_TRUE(device->detach(3));
  const std::vector<std::uint8_t> runt(13), good(60), oversize(1785);
  device->send(0, 1, runt);
  device->send(0, 2, good);
  device->send(0, 3, oversize);
  device->send(3, 4, good);
  ASSERT_TRUE(device->drain(10'000));
  const auto zero = device->counters(0);
  const auto three = device->counters(3);
  ASSERT_TRUE(zero && three);
  const auto received = [](const device::PortCounters& counters, Ingress what) {
    return counters.received[static_cast<std::size_t>(what)];
  };
  EXPECT_EQ(received(*zero, Ingress::kRunt).packets, 1u);
  EXPECT_EQ(received(*zero, Ingress::kAccepted).packets, 1u);
  EXPECT_EQ(received(*zero, Ingress::kAccepted).bytes, 60u);
  EXPECT_EQ(received(*zero, Ingress::kOversize).packets, 1u);
  EXPECT_EQ(received(*three, Ingress::kNoProgram).packets, 1u);
  EXPECT_EQ(zero->verdicts[static_cast<std::size_t>(packet_regs::Verdict::kDrop)].packets, 1u);
}

// A program that never ends is stopped by the budget; packets that find no slot meanwhile are counted.
TEST(Drops, AnEndlessProgramIsStopped) {
  const auto device = device_with(xdp_program("again:\nja again\nexit"));
  ASSERT_TRUE(device->write(packet_regs::device::kBudget, 2000));
  const std::vector<std::uint8_t> packet(60);
  for (std::uint64_t id = 0; id < 100; ++id) device->send(0, id, packet);
  ASSERT_TRUE(device->drain(100'000));
  const auto counters = device->counters(0);
  ASSERT_TRUE(counters);
  const auto accepted = counters->received[static_cast<std::size_t>(Ingress::kAccepted)].packets;
  const auto no_slot = counters->received[static_cast<std::size_t>(Ingress::kNoSlot)].packets;
  EXPECT_EQ(accepted + no_slot, 100u);
  EXPECT_EQ(accepted, std::uint64_t{device->shape().engines} * device->shape().slots);
  EXPECT_EQ(counters->verdicts[static_cast<std::size_t>(packet_regs::Verdict::kFaultBudget)].packets,
            accepted);
}

}  // namespace
}  // namespace faisca::tb
