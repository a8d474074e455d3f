#include "hw/sim/comparison.h"

#include <gtest/gtest.h>

namespace faisca::sim {
namespace {

using Kind = packet_regs::Verdict;
using Bytes = std::vector<std::uint8_t>;

Fate fate(Kind verdict, std::uint32_t outputs, Bytes bytes = {1, 2}) {
  Fate made;
  made.port = 2;
  made.ingress = packet_regs::Ingress::kAccepted;
  made.verdict = verdict;
  made.outputs = outputs;
  made.to_host = verdict == Kind::kPass;
  made.bytes = std::move(bytes);
  return made;
}

Judgement judged(Verdict verdict, std::optional<std::uint32_t> ports = {}) {
  return {verdict, ports, {1, 2}};
}

TEST(Comparison, AgreesWhenVerdictPlaceAndBytesDo) {
  EXPECT_FALSE(differs(judged(Verdict::kTx), fate(Kind::kTx, 4)));
  EXPECT_FALSE(differs(judged(Verdict::kPass), fate(Kind::kPass, 0)));
  EXPECT_FALSE(differs(judged(Verdict::kDrop), fate(Kind::kDrop, 0)));
  EXPECT_FALSE(differs(judged(Verdict::kAborted), fate(Kind::kFaultOutOfBounds, 0)));
  EXPECT_FALSE(differs(judged(Verdict::kRedirect, 0b1010), fate(Kind::kRedirect, 0b1010)));
  EXPECT_FALSE(differs(judged(Verdict::kRedirect, 0), fate(Kind::kRedirectFailed, 0)));
  EXPECT_FALSE(differs(judged(Verdict::kRedirect), fate(Kind::kRedirect, 1))) << "nobody knows where to";
}

TEST(Comparison, ShowsWhatDiffers) {
  const auto shows = [](const Judgement& expected, const Fate& got, const char* text) {
    const auto why = differs(expected, got);
    EXPECT_TRUE(why && why->find(text) != std::string::npos) << why.value_or("no difference");
  };
  shows(judged(Verdict::kTx), fate(Kind::kDrop, 0), "expected XDP_TX\n     got XDP_DROP");
  shows(judged(Verdict::kTx), fate(Kind::kTx, 1), "expected XDP_TX to port 2\n     got port 0");
  shows(judged(Verdict::kTx), fate(Kind::kTx, 4, {1, 3}), "expected 0102 (2 bytes)\n     got 0103 (2 bytes)");
  shows(judged(Verdict::kRedirect, 2), fate(Kind::kRedirectFailed, 0), "got XDP_REDIRECT to no port");
  shows(judged(Verdict::kDrop), fate(Kind::kFaultBudget, 0), "budget of cycles used up");
  Fate lost = fate(Kind::kTx, 0);
  shows(judged(Verdict::kTx), lost, "got no port");
  lost.refused = true;
  EXPECT_FALSE(differs(judged(Verdict::kTx), lost)) << "the output was full";
  lost.verdict.reset();
  shows(judged(Verdict::kTx), lost, "no verdict");
}

MapContents map_of(bpf::MapType type, std::vector<MapEntry> entries) {
  return {.name = "m", .type = type, .shape = {1, 8}, .entries = std::move(entries)};
}
Bytes number(std::uint8_t low, std::uint8_t next = 0) { return {low, next, 0, 0, 0, 0, 0, 0}; }

TEST(Comparison, AddsTheValuesOfAllEngines) {
  const auto entries = comparable_entries(
      map_of(bpf::MapType::kPercpuArray, {{{0}, {number(200), number(100)}}, {{1}, {number(0), number(0)}}}));
  EXPECT_EQ(entries, (std::vector<MapEntry>{{{0}, {number(44, 1)}}}));
}

TEST(Comparison, NamesTheFirstMapEntryThatDiffers) {
  Comparison comparison;
  compare_maps({map_of(bpf::MapType::kHash, {{{1}, {number(1)}}, {{2}, {number(2)}}})},
               {map_of(bpf::MapType::kHash, {{{1}, {number(1)}}, {{3}, {number(3)}}})}, comparison);
  EXPECT_EQ(comparison.map_entries, 3u);
  EXPECT_EQ(comparison.different, 2u);
  ASSERT_TRUE(comparison.first);
  EXPECT_EQ(comparison.first->text, "map m, key 02\nexpected 0200000000000000 (8 bytes)\n     got no entry");
}

TEST(Comparison, LeavesLeastRecentlyUsedMapsOut) {
  Comparison comparison;
  compare_maps({map_of(bpf::MapType::kLruHash, {{{1}, {number(1)}}})}, {map_of(bpf::MapType::kLruHash, {})},
               comparison);
  EXPECT_EQ(comparison.map_entries, 0u);
}

}  // namespace
}  // namespace faisca::sim
