// Whole runs on the simulated pipeline, compared with both oracles.
#include "hw/sim/session.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "hw/sim/pcap_file.h"
#include "lib/base/files.h"

namespace faisca::sim {
namespace {

class Session : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::path(testing::TempDir()) /
        ("sim_" + std::to_string(::getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    options_.object = std::string(FAISCA_BPF_TESTDATA) + "/packets.v3.g.o";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // A capture of 60-byte packets that begin with these bytes.
  std::string capture(const std::string& name, const std::vector<std::vector<std::uint8_t>>& starts) {
    const std::filesystem::path path = folder_ / name;
    auto writer = PcapWriter::create(path);
    for (std::vector<std::uint8_t> bytes : starts) {
      bytes.resize(60);
      writer->write({0, 0, std::move(bytes)});
    }
    EXPECT_TRUE(writer->close());
    return path;
  }
  std::string file(const std::string& name, const std::string& text) {
    EXPECT_TRUE(write_file_atomic(folder_ / name, text));
    return folder_ / name;
  }
  // The kernel's oracle moves its thread into another network namespace.
  Report run() {
    std::optional<Result<Report>> report;
    std::thread([&] { report.emplace(run_session(options_)); }).join();
    EXPECT_TRUE(*report) << report->error().text();
    return *report ? **report : Report{};
  }
  std::string failure() {
    const auto report = run_session(options_);
    return report ? "no failure" : report.error().text();
  }

  std::filesystem::path folder_;
  Options options_;
};

TEST_F(Session, DoesWhatTheProgramSaysWithCaptures) {
  options_.inputs = {{0, capture("a.pcap", {{1}, {2}, {3, 7}, {4, 0, 3}})},
                     {2, capture("b.pcap", {{4, 0, 9}})}};
  options_.out = folder_ / "out";
  options_.oracle = OracleKind::kModel;
  const Report report = run();
  EXPECT_EQ(report.offered, 5u);
  EXPECT_EQ(report.verdicts.at("XDP_DROP"), 1u);
  EXPECT_EQ(report.dropped.at("redirect to no port"), 1u);
  ASSERT_TRUE(report.judged);
  EXPECT_EQ(report.judged->comparison.different, 0u) << report.judged->comparison.first->text;
  const auto back = read_pcap(folder_ / "out/port0.pcap", 0);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->size(), 1u);
  EXPECT_EQ((*back)[0].bytes[1], 8);
  EXPECT_EQ(read_pcap(folder_ / "out/port2.pcap", 0)->size(), 1u);
  EXPECT_EQ(read_pcap(folder_ / "out/host0.pcap", 0)->size(), 1u);
  EXPECT_EQ(*read_file(folder_ / "out/seen.map.json"),
            "[\n  {\"key\": \"00000000\", \"value\": \"01000000\"}\n]\n");
}

TEST_F(Session, LosesNothingAtLineRate) {
  options_.packets = 2000;
  const Report report = run();
  EXPECT_EQ(report.accepted, 2000u);
  EXPECT_EQ(report.to_host, 2000u);
  EXPECT_GT(report.processed_mpps, 59.0);
  EXPECT_LT(report.processed_mpps, 60.5);
  const auto json = nlohmann::json::parse(report_json(report), nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["assumedClockHz"], 200e6);
  EXPECT_EQ(json["packets"]["taken"], 2000);
}

TEST_F(Session, KeepsTheRateThatIsAskedFor) {
  options_.packets = 400;
  options_.mpps = 10;
  EXPECT_NEAR(run().offered_mpps, 10, 0.2);
}

TEST_F(Session, ExchangesTheProgramWithoutLoss) {
  options_.packets = 2000;
  options_.swap = Options::Swap{options_.object, 1000};
  options_.oracle = OracleKind::kModel;
  const Report report = run();
  ASSERT_TRUE(report.swap && report.judged);
  EXPECT_EQ(report.swap->lost, 0u);
  EXPECT_EQ(report.accepted, 2000u);
  EXPECT_EQ(report.judged->comparison.different, 0u) << report.judged->comparison.first->text;
  EXPECT_LE(report.judged->comparison.not_compared, 8u);
}

TEST_F(Session, AgreesWithTheKernel) {
  if (geteuid() != 0) GTEST_SKIP() << "the kernel's test run needs root";
  options_.inputs = {{1, capture("a.pcap", {{1}, {2}, {3, 7}, {4, 0, 3}, {0}, {9}})}};
  options_.maps = {{"seen", file("seen.json", R"([{"key": "05000000", "value": "01000000"}])")}};
  options_.oracle = OracleKind::kKernel;
  const Report report = run();
  ASSERT_TRUE(report.judged);
  EXPECT_EQ(report.judged->comparison.packets, 6u);
  EXPECT_EQ(report.judged->comparison.different, 0u) << report.judged->comparison.first->text;
  EXPECT_EQ(report.judged->comparison.map_entries, 3u);
}

TEST_F(Session, NamesWhatCannotBe) {
  options_.packets = 10;
  options_.maps = {{"nothing", file("x.json", "[]")}};
  EXPECT_NE(failure().find("program obey has no map nothing"), std::string::npos) << failure();
  EXPECT_NE(failure().find("it has count, seen"), std::string::npos) << failure();
  options_.maps = {{"seen", file("x.json", R"([{"key": "05", "value": "01000000"}])")}};
  EXPECT_NE(failure().find("entry 0: its key has 1 bytes"), std::string::npos) << failure();
  options_.maps.clear();
  options_.swap = Options::Swap{options_.object, 11};
  EXPECT_NE(failure().find("--swap names packet 11, but there are 10"), std::string::npos) << failure();
  options_.swap.reset();
  options_.inputs = {{0, file("no.pcap", "nothing")}};
  EXPECT_NE(failure().find("no.pcap is not a packet capture"), std::string::npos) << failure();
  options_.object = file("no.o", "nothing");
  EXPECT_NE(failure().find("no.o"), std::string::npos) << failure();
}

}  // namespace
}  // namespace faisca::sim
