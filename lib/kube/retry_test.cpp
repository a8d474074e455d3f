#include "lib/kube/retry.h"

#include <gtest/gtest.h>

#include "lib/kube/rate_limit.h"

namespace faisca::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

HttpAnswer answer(int status) { return {.status = status}; }
HttpAnswer answer_later(int status) { return {.status = status, .retry_after = seconds(1)}; }

TEST(Retry, SendsAgainWhatWasNotExecuted) {
  for (const Verb verb : {Verb::kGet, Verb::kCreate, Verb::kApply, Verb::kDelete}) {
    EXPECT_EQ(again(verb, answer(429)), Again::kBackoff);
    EXPECT_EQ(again(verb, answer_later(429)), Again::kAfter);
    EXPECT_EQ(again(verb, NoAnswer{{Code::kUnavailable, "connect", "", {}}, /*sent=*/false}),
              Again::kBackoff);
  }
}

TEST(Retry, NeverSendsACreateTwiceWhenItMayHaveWorked) {
  for (const int status : {500, 502, 503, 504})
    EXPECT_EQ(again(Verb::kCreate, answer_later(status)), Again::kNo);
  EXPECT_EQ(again(Verb::kCreate, NoAnswer{{Code::kUnavailable, "reset", "", {}}, /*sent=*/true}), Again::kNo);
  EXPECT_EQ(again(Verb::kApply, NoAnswer{{Code::kUnavailable, "reset", "", {}}, /*sent=*/true}),
            Again::kBackoff);
}

TEST(Retry, LeavesAnswersThatWillNotChangeAlone) {
  for (const int status : {200, 201, 400, 401, 403, 404, 409, 410, 422, 500})
    EXPECT_EQ(again(Verb::kGet, answer(status)), Again::kNo) << status;
  EXPECT_EQ(again(Verb::kGet, answer(503)), Again::kBackoff);
  EXPECT_EQ(again(Verb::kGet, answer_later(500)), Again::kAfter);
}

TEST(Retry, DoesNotRepeatWhatTookTooLong) {
  EXPECT_EQ(again(Verb::kGet, NoAnswer{{Code::kDeadlineExceeded, "", "", {}}, true}), Again::kNo);
}

TEST(RateLimit, LetsABurstThroughAndThenKeepsTheRate) {
  RateLimit limit(10, 2);
  const SteadyTime now(seconds(5));
  EXPECT_EQ(limit.reserve(now), Duration(0));
  EXPECT_EQ(limit.reserve(now), Duration(0));
  EXPECT_EQ(limit.reserve(now), milliseconds(100));
  EXPECT_EQ(limit.reserve(now), milliseconds(200));
  EXPECT_EQ(limit.reserve(now + milliseconds(300)), Duration(0));
  EXPECT_EQ(limit.reserve(now + seconds(60)), Duration(0));
  EXPECT_EQ(limit.reserve(now + seconds(60)), Duration(0));
  EXPECT_GT(limit.reserve(now + seconds(60)), Duration(0));
}

TEST(RateLimit, IsOffAtZero) {
  RateLimit limit(0, 0);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(limit.reserve(SteadyTime{}), Duration(0));
}

}  // namespace
}  // namespace faisca::kube
