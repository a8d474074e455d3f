#include "lib/base/duration.h"

#include <gtest/gtest.h>

namespace faisca {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ParsesGoTextAndBareSeconds) {
  const std::pair<const char*, std::chrono::nanoseconds> table[] = {
      {"0", 0s},
      {"0s", 0s},
      {"30", 30s},
      {"1.5", 1500ms},
      {"30s", 30s},
      {"1h30m", 90min},
      {"250ms", 250ms},
      {"1m5s", 65s},
      {"1.5h", 90min},
      {"100us", 100us},
      {"7ns", 7ns},
      {"10µs", 10us},
      {"2h0m0.5s", 7200500ms},
  };
  for (const auto& [text, want] : table) {
    const auto got = parse_duration(text);
    ASSERT_TRUE(got) << text << ": " << got.error().text();
    EXPECT_EQ(*got, want) << text;
  }
}

TEST(Duration, RefusesWhatIsNotADurationAndSaysHowToWriteOne) {
  for (const char* text :
       {"", "s", "-1s", "+1s", "1x", "1s2", "1 s", "ten", "1..5s", "9999999999h", "1e3", "0x10"}) {
    const auto got = parse_duration(text);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().code, Code::kInvalidArgument);
    EXPECT_NE(got.error().message.find(text), std::string::npos);
    EXPECT_FALSE(got.error().hint.empty());
  }
}

TEST(Duration, PrintsTextThatParsesBackToTheSameValue) {
  for (const std::chrono::nanoseconds value : {std::chrono::nanoseconds(0s), std::chrono::nanoseconds(90min),
                                               std::chrono::nanoseconds(250ms), 1ns, 3661000000001ns}) {
    EXPECT_EQ(parse_duration(format_duration(value)), value) << format_duration(value);
  }
  EXPECT_EQ(format_duration(90min), "1h30m");
}

TEST(ByteSize, ParsesKubernetesQuantities) {
  EXPECT_EQ(parse_bytes("64Ki"), 65536u);
  EXPECT_EQ(parse_bytes("10Mi"), 10u << 20);
  EXPECT_EQ(parse_bytes("1.5k"), 1500u);
  EXPECT_EQ(parse_bytes("1Gi"), 1u << 30);
  EXPECT_EQ(parse_bytes("77"), 77u);
  for (const char* text : {"", "Ki", "-1", "1kb", "1 Ki", "99999999Ti", "ten"})
    EXPECT_FALSE(parse_bytes(text)) << text;
}

TEST(ByteSize, PrintsTheLargestExactUnit) {
  EXPECT_EQ(format_bytes(10u << 20), "10Mi");
  EXPECT_EQ(format_bytes(1025), "1025");
  EXPECT_EQ(format_bytes(0), "0");
}

}  // namespace
}  // namespace faisca
