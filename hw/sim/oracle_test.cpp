// Both oracles must say the same of the same packets.
#include "hw/sim/oracle.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "lib/base/files.h"
#include "lib/bpf/object.h"

namespace faisca::sim {
namespace {

Packet packet(std::uint32_t port, std::vector<std::uint8_t> start) {
  start.resize(60);
  return {port, 0, std::move(start)};
}

class Oracles : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    auto object = read_file(std::string(FAISCA_BPF_TESTDATA) + "/packets.v3.g.o");
    ASSERT_TRUE(object) << object.error().text();
    object_ = *object;
    if (GetParam() == "kernel" && geteuid() != 0) GTEST_SKIP() << "the kernel's test run needs root";
  }

  // On a thread of its own: the kernel's oracle moves its thread into another network namespace.
  void with_oracle(const std::function<void(Oracle&)>& work) {
    std::thread([this, &work] {
      auto oracle = make();
      ASSERT_TRUE(oracle) << oracle.error().text();
      work(**oracle);
    }).join();
  }

 private:
  Result<std::unique_ptr<Oracle>> make() {
    if (GetParam() == "kernel") return make_kernel_oracle({.object = object_, .entry = "obey", .ports = 4});
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(object_.data());
    FAISCA_TRY(program, bpf::load_program({bytes, object_.size()}));
    return make_model_oracle(program);
  }

  std::string object_;
};

INSTANTIATE_TEST_SUITE_P(Kinds, Oracles, testing::Values("model", "kernel"),
                         [](const auto& info) { return info.param; });

TEST_P(Oracles, TellVerdictAndBytes) {
  with_oracle([](Oracle& oracle) {
    const auto verdict = [&](std::vector<std::uint8_t> start) {
      auto judged = oracle.judge(packet(0, std::move(start)));
      EXPECT_TRUE(judged) << judged.error().text();
      return judged->verdict;
    };
    EXPECT_EQ(verdict({0}), Verdict::kAborted);
    EXPECT_EQ(verdict({1}), Verdict::kDrop);
    EXPECT_EQ(verdict({2}), Verdict::kPass);
    EXPECT_EQ(verdict({77}), Verdict::kAborted);
    auto sent_back = oracle.judge(packet(0, {3, 9, 0, 0}));
    ASSERT_TRUE(sent_back);
    EXPECT_EQ(sent_back->verdict, Verdict::kTx);
    EXPECT_EQ(sent_back->bytes, packet(0, {3, 10, 0, 0}).bytes);
  });
}

TEST_P(Oracles, TellWhereAPacketIsRedirectedIfTheyKnow) {
  with_oracle([&](Oracle& oracle) {
    auto judged = oracle.judge(packet(1, {4, 0, 3}));
    ASSERT_TRUE(judged) << judged.error().text();
    EXPECT_EQ(judged->verdict, Verdict::kRedirect);
    if (GetParam() == "model")
      EXPECT_EQ(judged->redirect_ports, 1u << 2);
    else
      EXPECT_FALSE(judged->redirect_ports);
  });
}

TEST_P(Oracles, KeepMapsBetweenPackets) {
  with_oracle([](Oracle& oracle) {
    ASSERT_TRUE(oracle.fill_map("seen", {{{7, 0, 0, 0}, {{1, 0, 0, 0}}}, {{5, 0, 0, 0}, {{9, 0, 0, 0}}}}));
    for (const std::uint32_t port : {0, 3}) ASSERT_TRUE(oracle.judge(packet(port, {1, 0, 0, 7})));
    auto maps = oracle.maps();
    ASSERT_TRUE(maps) << maps.error().text();
    ASSERT_EQ(maps->size(), 2u);
    const auto seen = std::ranges::find(*maps, "seen", &MapContents::name);
    ASSERT_NE(seen, maps->end());
    EXPECT_EQ(seen->entries,
              (std::vector<MapEntry>{{{5, 0, 0, 0}, {{9, 0, 0, 0}}}, {{7, 0, 0, 0}, {{4, 0, 0, 0}}}}));
    const auto count = std::ranges::find(*maps, "count", &MapContents::name);
    ASSERT_NE(count, maps->end());
    ASSERT_EQ(count->entries.size(), 1u);
    unsigned packets = 0;
    for (const auto& value : count->entries[0].values) packets += value[0];
    EXPECT_EQ(packets, 2u);
  });
}

TEST_P(Oracles, RefuseMapsAndEntriesThatDoNotExist) {
  with_oracle([](Oracle& oracle) {
    EXPECT_EQ(oracle.fill_map("nothing", {}).error().code, Code::kNotFound);
    auto status = oracle.fill_map("count", {{{1, 0, 0, 0}, {std::vector<std::uint8_t>(8)}}});
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().message.find("map count refuses key 01000000"), std::string::npos)
        << status.error().message;
  });
}

TEST(KernelOracle, SaysWhyTheKernelRefusesAnObject) {
  if (geteuid() != 0) GTEST_SKIP() << "the kernel's test run needs root";
  std::thread([] {
    auto oracle = make_kernel_oracle({.object = "not an object", .entry = "obey", .ports = 1});
    ASSERT_FALSE(oracle);
    EXPECT_EQ(oracle.error().code, Code::kInvalidArgument) << oracle.error().text();
  }).join();
}

}  // namespace
}  // namespace faisca::sim
