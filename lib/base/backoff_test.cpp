#include "lib/base/backoff.h"

#include <gtest/gtest.h>

namespace faisca {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, StaysBetweenHalfAndWholeOfTheGrownWait) {
  Backoff backoff({.first = milliseconds(100), .longest = milliseconds(1000), .factor = 2}, 1);
  for (const int whole : {100, 200, 400, 800, 1000, 1000, 1000}) {
    const auto wait = backoff.next();
    EXPECT_GE(wait, milliseconds(whole / 2));
    EXPECT_LE(wait, milliseconds(whole));
  }
}

TEST(Backoff, StartsAgainAfterReset) {
  Backoff backoff({.first = milliseconds(10), .longest = milliseconds(10000), .factor = 10}, 1);
  for (int i = 0; i < 5; ++i) backoff.next();
  backoff.reset();
  EXPECT_LE(backoff.next(), milliseconds(10));
}

TEST(Backoff, NeverOverflowsHoweverOftenItIsAsked) {
  Backoff backoff({.first = milliseconds(100), .longest = milliseconds(500), .factor = 3}, 1);
  for (int i = 0; i < 10000; ++i) ASSERT_LE(backoff.next(), milliseconds(500));
}

TEST(Backoff, SameSeedGivesSameWaits) {
  Backoff a({}, 7), b({}, 7);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(a.next(), b.next());
}

}  // namespace
}  // namespace faisca
