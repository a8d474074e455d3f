#include "operator/offload/liveness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/kube/time_text.h"

namespace faisca::offload {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class LivenessTest : public testing::Test {
 protected:
  std::string now() const { return kube::time_text(clock_.wall()); }
  LivenessTracker::Verdict look(const std::string& heartbeat, bool ready = true) {
    return tracker_.look(
        "n1-0", {.ready = ready, .why = ready ? "" : "the agent does not answer", .heartbeat = heartbeat},
        clock_);
  }

  FakeClock clock_;
  LivenessTracker tracker_{30s};
};

TEST_F(LivenessTest, BelievesAFreshHeartbeat) { EXPECT_EQ(look(now()).liveness, Liveness::kReady); }

TEST_F(LivenessTest, IsGoneAfterTheGraceWithoutHeartbeat) {
  const std::string heartbeat = now();
  EXPECT_EQ(look(heartbeat).liveness, Liveness::kReady);
  clock_.advance(30s);
  EXPECT_EQ(look(heartbeat).liveness, Liveness::kReady);
  clock_.advance(1ms);
  EXPECT_EQ(look(heartbeat).liveness, Liveness::kGone);
  EXPECT_THAT(look(heartbeat).why, HasSubstr("nothing was heard of it for more than 30s"));
  EXPECT_EQ(look(now()).liveness, Liveness::kReady) << "and back when it is heard again";
}

TEST_F(LivenessTest, IsInDoubtBeforeItIsGoneWhenItSaysItIsNotWell) {
  const std::string heartbeat = now();
  ASSERT_EQ(look(heartbeat).liveness, Liveness::kReady);
  clock_.advance(10s);
  EXPECT_EQ(look(heartbeat, false).liveness, Liveness::kDoubtful);
  EXPECT_EQ(look(heartbeat, false).why, "the agent does not answer");
  clock_.advance(21s);
  EXPECT_EQ(look(heartbeat, false).liveness, Liveness::kGone);
}

TEST_F(LivenessTest, DoubtsAnOldHeartbeatAtFirstSight) {
  const std::string old = now();
  clock_.advance(1h);
  EXPECT_EQ(look(old).liveness, Liveness::kDoubtful);
  clock_.advance(31s);
  EXPECT_EQ(look(old).liveness, Liveness::kGone);
}

TEST_F(LivenessTest, DoesNotMindWrongClocksOfNodesThatAreHeard) {
  EXPECT_EQ(look("2020-01-01T00:00:00Z").liveness, Liveness::kDoubtful);
  EXPECT_EQ(look("2020-01-01T00:00:10Z").liveness, Liveness::kReady);
  EXPECT_EQ(look("2019-01-01T00:00:10Z").liveness, Liveness::kReady) << "a clock that was set back";
}

TEST_F(LivenessTest, ReadsAMissingHeartbeatAsNone) {
  EXPECT_EQ(look("").liveness, Liveness::kDoubtful);
  EXPECT_THAT(look("").why, HasSubstr("none"));
}

TEST_F(LivenessTest, SaysWhenToLookAgain) {
  EXPECT_FALSE(tracker_.next_change(clock_.now()));
  const SteadyTime start = clock_.now();
  look(now());
  const auto next = tracker_.next_change(clock_.now());
  ASSERT_TRUE(next);
  EXPECT_GT(*next, start + 30s);
  clock_.advance(*next - clock_.now());
  EXPECT_EQ(look(kube::time_text(WallTime(1h))).liveness, Liveness::kGone);
  EXPECT_FALSE(tracker_.next_change(clock_.now()));
  tracker_.forget("n1-0");
  EXPECT_FALSE(tracker_.next_change(clock_.now()));
}

}  // namespace
}  // namespace faisca::offload
