// C programs, compiled by clang, loaded, verified and run: loader and model together.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <numeric>

#include "hw/model/machine.h"
#include "lib/bpf/object.h"
#include "lib/bpf/verifier.h"

namespace faisca::model {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct FakeEnvironment : bpf::Environment {
  std::uint64_t monotonic_ns() override { return 1; }
  std::uint32_t random_u32() override { return 1; }
};

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

// Every build of a sample must behave the same.
class Samples : public testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Machine> machine(const std::string& name, const std::string& function = "") {
    std::ifstream stream(std::string(FAISCA_BPF_TESTDATA) + "/" + name + "." + GetParam() + ".g.o",
                         std::ios::binary);
    Bytes object{std::istreambuf_iterator<char>(stream), {}};
    auto program = bpf::load_program(object, {.program = function, .convention = {}, .limits = {}});
    EXPECT_TRUE(program) << program.error().text();
    if (!program) return nullptr;
    auto status = bpf::verify(*program);
    EXPECT_TRUE(status) << status.error().text();
    auto made = Machine::create(*program, environment_);
    EXPECT_TRUE(made);
    return made ? *std::move(made) : nullptr;
  }

  std::uint64_t answer(Machine& machine, const Bytes& body) {
    auto outcome = machine.run_body(body);
    EXPECT_TRUE(outcome.ok()) << bpf::fault_name(outcome.fault) << " at " << outcome.fault_pc;
    return outcome.r0;
  }

  FakeEnvironment environment_;
};

INSTANTIATE_TEST_SUITE_P(InstructionSets, Samples, testing::Values("v1", "v2", "v3", "v4"),
                         [](const auto& info) { return info.param; });

TEST_P(Samples, AnswersFour) { EXPECT_EQ(answer(*machine("answer"), {}), 4u); }

TEST_P(Samples, ComputesTheInternetChecksum) {
  auto sample = machine("checksum");
  // The example of RFC 1071 §3: words 0001 f203 f4f5 f6f7 sum to ddf2.
  EXPECT_EQ(answer(*sample, {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}), 0xffffu - 0xddf2u);
  EXPECT_EQ(answer(*sample, {}), 0xffffu);
  EXPECT_EQ(answer(*sample, {0x12}), 0xffffu - 0x1200u);
  Bytes large(60000, 0xff);
  EXPECT_EQ(answer(*sample, large), 0u);
}

TEST_P(Samples, KeepsGlobalsAcrossLocalFunctions) {
  auto sample = machine("functions");
  // weights of 1, 2, 3 are 1, 4, 1: total 1 + 8 + 3; calls start at 100.
  EXPECT_EQ(answer(*sample, {1, 2, 3}), 103u * 1000 + 12);
  EXPECT_EQ(answer(*sample, {1}), 104u * 1000 + 13);
}

TEST_P(Samples, FollowsPointersInConstantData) {
  auto sample = machine("strings");
  EXPECT_EQ(answer(*sample, {0}), 4u * 256 + 'z');
  EXPECT_EQ(answer(*sample, {3}), 5u * 256 + 't');
}

TEST_P(Samples, CountsInMaps) {
  auto sample = machine("maps", "count");
  EXPECT_EQ(answer(*sample, bytes_of("banana")), 1003u);
  EXPECT_EQ(answer(*sample, bytes_of("bat")), 2004u);
  EXPECT_EQ(sample->maps().find(2)->keys().size(), 4u);
}

TEST_P(Samples, KeepsStaticMapsApart) { EXPECT_EQ(answer(*machine("maps", "use_static"), {}), 2u); }

TEST_P(Samples, UsesLegacyMaps) {
  auto sample = machine("legacy_maps");
  EXPECT_EQ(answer(*sample, {5}), 25u);
  EXPECT_EQ(static_cast<std::int32_t>(answer(*sample, {200})), -1);
}

TEST_P(Samples, JudgesPackets) {
  auto sample = machine("xdp", "drop_udp");
  Bytes packet(60, 0);
  packet[12] = 8;
  packet[23] = 17;
  EXPECT_EQ(sample->run_packet(packet).r0, 1u);
  packet[23] = 6;
  EXPECT_EQ(sample->run_packet(packet).r0, 2u);
  EXPECT_EQ(sample->run_packet(Bytes(20, 0)).r0, 0u);
}

TEST_P(Samples, MovesTheHeadOfAPacket) {
  auto sample = machine("xdp", "strip");
  EXPECT_EQ(sample->run_packet(Bytes(60, 1)).r0, 3u);
  auto packet = sample->regions().memory();
  ASSERT_EQ(packet.size(), 46u);
  EXPECT_EQ(packet[0], 0xee);
  EXPECT_EQ(packet[1], 1);
}

}  // namespace
}  // namespace faisca::model
