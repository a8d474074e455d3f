#include "watchdog/offload/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faisca::watchdog {
namespace {

using api::Convention;
using api::OffloadOutput;

TEST(AnswerBody, IsR0AsANumber) {
  const AgentAnswer answer{.r0 = 0x1234'5678'9abc'def0};
  EXPECT_EQ(*answer_body(OffloadOutput::kDecimal, Convention::kMem, answer), "1311768467463790320");
  EXPECT_EQ(*answer_body(OffloadOutput::kHex16, Convention::kMem, answer), "0xdef0");
  EXPECT_EQ(*answer_body(OffloadOutput::kHex32, Convention::kMem, answer), "0x9abcdef0");
  EXPECT_EQ(*answer_body(OffloadOutput::kHex64, Convention::kMem, answer), "0x123456789abcdef0");
  EXPECT_EQ(*answer_body(OffloadOutput::kHex16, Convention::kMem, {.r0 = 7}), "0x0007");
}

TEST(AnswerBody, IsTheFirstBytesOfTheMemory) {
  EXPECT_EQ(*answer_body(OffloadOutput::kMemory, Convention::kMem, {.r0 = 3, .memory = "abcdef"}), "abc");
  EXPECT_EQ(*answer_body(OffloadOutput::kMemory, Convention::kMem, {.r0 = 0, .memory = "abcdef"}), "");
}

TEST(AnswerBody, RefusesALengthBeyondTheMemory) {
  const auto body = answer_body(OffloadOutput::kMemory, Convention::kMem, {.r0 = 7, .memory = "abcdef"});
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, Code::kInternal);
  EXPECT_THAT(body.error().text(), ::testing::HasSubstr("7 bytes, its memory has 6"));
}

TEST(AnswerBody, IsTheWholePacketForXdp) {
  EXPECT_EQ(*answer_body(OffloadOutput::kMemory, Convention::kXdp, {.r0 = 2, .memory = "packet"}), "packet");
}

TEST(AnswerHeaders, GiveCountsAndForXdpTheVerdict) {
  const AgentAnswer answer{.r0 = 2, .instructions = 5, .cycles = 9};
  EXPECT_EQ(answer_headers(Convention::kMem, answer), "X-Faisca-Instructions: 5\r\nX-Faisca-Cycles: 9\r\n");
  EXPECT_EQ(answer_headers(Convention::kXdp, answer),
            "X-Faisca-Instructions: 5\r\nX-Faisca-Cycles: 9\r\nX-Faisca-Verdict: XDP_PASS\r\n");
}

TEST(Verdict, IsAbortedForANumberThatIsNone) {
  EXPECT_EQ(verdict_name(1), "XDP_DROP");
  EXPECT_EQ(verdict_name(3), "XDP_TX");
  EXPECT_EQ(verdict_name(4), "XDP_REDIRECT");
  EXPECT_EQ(verdict_name(99), "XDP_ABORTED");
}

TEST(Parse, NamesTheChoices) {
  EXPECT_EQ(*parse_output("hex32"), OffloadOutput::kHex32);
  EXPECT_EQ(*parse_convention("xdp"), Convention::kXdp);
  EXPECT_THAT(parse_output("json").error().text(), ::testing::HasSubstr("decimal, hex16"));
  EXPECT_FALSE(parse_convention("tc"));
}

}  // namespace
}  // namespace faisca::watchdog
