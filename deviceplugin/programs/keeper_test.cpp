#include "deviceplugin/programs/keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deviceplugin/testing/fake_agent.h"
#include "deviceplugin/testing/wanted.h"

namespace faisca::deviceplugin {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class KeeperTest : public testing::Test {
 protected:
  // What the agent was asked to do in this step.
  std::vector<std::string> step(const std::vector<ProgramBuilder>& programs) {
    agent_.calls.clear();
    keeper_.step(want(programs));
    return agent_.calls;
  }
  bool is_loaded(const std::string& space, const std::string& name) {
    const ObservedPtr seen = keeper_.observed();
    return seen->agent && seen->held.at({space, name}).is_loaded(*seen->agent);
  }

  FakeClock clock_;
  FakeAgent agent_;
  Keeper keeper_{agent_, clock_};
};

TEST_F(KeeperTest, LoadsWhatIsWantedOnce) {
  EXPECT_THAT(step({program("shop", "count"), program("shop", "drop")}),
              ElementsAre("load shop/count", "load shop/drop"));
  EXPECT_TRUE(is_loaded("shop", "count"));
  EXPECT_THAT(step({program("shop", "count"), program("shop", "drop")}), IsEmpty());
}

TEST_F(KeeperTest, UnloadsWhatIsNotWantedAnyMore) {
  step({program("shop", "count"), program("shop", "drop")});
  EXPECT_THAT(step({program("shop", "count")}), ElementsAre("unload shop/drop#v1"));
  EXPECT_EQ(keeper_.observed()->held.size(), 1u);
}

TEST_F(KeeperTest, LoadsAChangedProgramAndUnloadsItsEarlierVersion) {
  step({program("shop", "count")});
  EXPECT_THAT(step({program("shop", "count").of_generation(2, "v2")}),
              ElementsAre("load shop/count", "unload shop/count#v1"));
  EXPECT_THAT(agent_.now.programs, ElementsAre("shop/count#v2"));
}

TEST_F(KeeperTest, DoesNotUnloadAProgramWhoseOtherFieldsChanged) {
  step({program("shop", "count")});
  EXPECT_THAT(step({program("shop", "count").of_generation(2, "v1")}), ElementsAre("load shop/count"));
}

TEST_F(KeeperTest, LoadsEverythingAgainAfterTheAgentsRestart) {
  step({program("shop", "count")});
  agent_.restart();
  EXPECT_THAT(step({program("shop", "count")}), ElementsAre("load shop/count"));
  EXPECT_TRUE(is_loaded("shop", "count"));
}

TEST_F(KeeperTest, DoesNotUnloadFromAnAgentThatHasForgottenEverything) {
  step({program("shop", "count")});
  agent_.restart();
  EXPECT_THAT(step({}), IsEmpty());
}

TEST_F(KeeperTest, SaysThatTheAgentIsAwayAndWhenItWasWellLast) {
  step({program("shop", "count")});
  const WallTime well = keeper_.observed()->well_at;
  EXPECT_EQ(well, clock_.wall());
  agent_.go_away();
  clock_.advance(5s);
  EXPECT_THAT(step({program("shop", "count")}), IsEmpty());
  EXPECT_FALSE(keeper_.observed()->agent);
  EXPECT_THAT(keeper_.observed()->why, testing::HasSubstr("does not answer"));
  EXPECT_EQ(keeper_.observed()->well_at, well);
  agent_.come_back();
  EXPECT_THAT(step({program("shop", "count")}), IsEmpty()) << "it has the program still";
}

TEST_F(KeeperTest, TriesARejectedProgramOnlyWhenSomethingIsDifferent) {
  agent_.refuse = Error{Code::kInvalidArgument, "instruction 3: no such helper", "", {}};
  step({program("shop", "count")});
  clock_.advance(1h);
  EXPECT_THAT(step({program("shop", "count")}), IsEmpty());
  EXPECT_EQ(keeper_.observed()->held.at({"shop", "count"}).error->message, "instruction 3: no such helper");
  EXPECT_THAT(step({program("shop", "count").of_generation(2, "v2")}), ElementsAre("load shop/count"));
  agent_.refuse.reset();
  agent_.restart();
  EXPECT_THAT(step({program("shop", "count").of_generation(2, "v2")}), ElementsAre("load shop/count"));
  EXPECT_TRUE(is_loaded("shop", "count"));
}

TEST_F(KeeperTest, RepeatsAFailureThatMayPassWithGrowingWaits) {
  agent_.refuse = Error{Code::kResourceExhausted, "busy", "", {}};
  int tries = 0;
  for (int second = 0; second < 60; ++second, clock_.advance(1s))
    tries += static_cast<int>(step({program("a", "b")}).size());
  EXPECT_GE(tries, 4);
  EXPECT_LE(tries, 7);
  agent_.refuse.reset();
  clock_.advance(30s);
  EXPECT_THAT(step({program("a", "b")}), ElementsAre("load a/b"));
  EXPECT_TRUE(is_loaded("a", "b"));
}

TEST_F(KeeperTest, OneBadProgramDoesNotKeepOthersOut) {
  agent_.refuse = Error{Code::kInvalidArgument, "bad", "", {}};
  step({program("a", "bad")});
  agent_.refuse.reset();
  EXPECT_THAT(step({program("a", "bad"), program("a", "good")}), ElementsAre("load a/good"));
}

TEST_F(KeeperTest, LoadsAForgottenProgramAtMostOnceAMinute) {
  step({program("a", "b")});
  agent_.forget("a/b#v1");
  EXPECT_THAT(step({program("a", "b")}), IsEmpty());
  EXPECT_FALSE(is_loaded("a", "b"));
  clock_.advance(60s);
  EXPECT_THAT(step({program("a", "b")}), ElementsAre("load a/b"));
  agent_.forget("a/b#v1");
  clock_.advance(59s);
  EXPECT_THAT(step({program("a", "b")}), IsEmpty());
}

}  // namespace
}  // namespace faisca::deviceplugin
