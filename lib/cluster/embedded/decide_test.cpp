#include "lib/cluster/embedded/decide.h"

#include <gtest/gtest.h>

namespace faisca::cluster {
namespace {

using std::chrono::seconds;
using Kind = Action::Kind;

constexpr SteadyTime at(int second) { return SteadyTime(seconds(second)); }
constexpr LifeLimits kLimits{seconds(10), seconds(5), seconds(30)};
constexpr int kNow = 100;

ObservedInstance instance(std::string id, Phase phase, uint64_t revision = 1, int since = kNow - 1) {
  return {std::move(id), revision, phase, at(since), {}};
}

std::string text(const Decision& decision) {
  std::string out;
  for (const Action& action : decision.actions)
    out += std::string(out.empty() ? "" : " ") +
           (action.kind == Kind::kStart ? "start"
                                        : (action.kind == Kind::kDrain ? "drain:" : "kill:") + action.id);
  return out;
}

struct Row {
  const char* claim;
  WantedInstances wanted;
  std::vector<ObservedInstance> observed;
  const char* actions;
  int wake;  // second, 0: never
};

TEST(Decide, FollowsTheTable) {
  const Row kRows[] = {
      {"nothing wanted, nothing there", {0, 1, {}}, {}, "", 0},
      {"starts what is missing", {2, 1, {}}, {instance("a", Phase::kReady)}, "start", 0},
      {"counts what is starting", {1, 1, {}}, {instance("a", Phase::kStarting)}, "", kNow + 9},
      {"waits with a start until the back-off is over", {1, 1, at(kNow + 3)}, {}, "", kNow + 3},
      {"starts when the back-off is just over", {1, 1, at(kNow)}, {}, "start", 0},
      {"does not count what drains", {1, 1, {}}, {instance("a", Phase::kDraining)}, "start", kNow + 4},
      {"drains the youngest when there are too many",
       {1, 1, {}},
       {instance("a", Phase::kReady), instance("b", Phase::kReady)},
       "drain:b",
       kNow + 5},
      {"drains what is not ready first",
       {1, 1, {}},
       {instance("a", Phase::kStarting), instance("b", Phase::kReady)},
       "drain:a",
       kNow + 5},
      {"scales to zero",
       {0, 1, {}},
       {instance("a", Phase::kReady), instance("b", Phase::kStarting)},
       "drain:b drain:a",
       kNow + 5},
      {"kills what is not ready in time, and starts the next only after it was reaped",
       {1, 1, {}},
       {instance("a", Phase::kStarting, 1, kNow - 10)},
       "kill:a",
       0},
      {"kills what drains too long", {0, 1, {}}, {instance("a", Phase::kDraining, 1, kNow - 5)}, "kill:a", 0},
      {"leaves the killed alone", {0, 1, {}}, {instance("a", Phase::kKilled, 1, 0)}, "", 0},
      {"starts the new revision beside the old, which serves on",
       {2, 2, {}},
       {instance("a", Phase::kReady), instance("b", Phase::kReady)},
       "start start",
       0},
      {"keeps the old until the new are ready",
       {2, 2, {}},
       {instance("a", Phase::kReady), instance("b", Phase::kReady), instance("c", Phase::kStarting, 2),
        instance("d", Phase::kStarting, 2)},
       "",
       kNow + 9},
      {"drains one old for each new that is ready",
       {2, 2, {}},
       {instance("a", Phase::kReady), instance("b", Phase::kReady), instance("c", Phase::kReady, 2),
        instance("d", Phase::kStarting, 2)},
       "drain:b",
       kNow + 5},
      {"drains the last old when all new are ready",
       {2, 2, {}},
       {instance("a", Phase::kReady), instance("c", Phase::kReady, 2), instance("d", Phase::kReady, 2)},
       "drain:a",
       kNow + 5},
      {"drains old ones that were still starting at once",
       {1, 2, {}},
       {instance("a", Phase::kStarting), instance("b", Phase::kStarting, 2)},
       "drain:a",
       kNow + 5},
      {"drains all old when none is wanted", {0, 2, {}}, {instance("a", Phase::kReady)}, "drain:a", kNow + 5},
      {"keeps the old while a broken new revision backs off",
       {1, 2, at(kNow + 7)},
       {instance("a", Phase::kReady)},
       "",
       kNow + 7},
  };
  for (const Row& row : kRows) {
    const Decision decision = decide(row.wanted, row.observed, at(kNow), kLimits);
    EXPECT_EQ(text(decision), row.actions) << row.claim;
    EXPECT_EQ(decision.wake.has_value(), row.wake != 0) << row.claim;
    if (decision.wake && row.wake) EXPECT_EQ(*decision.wake, at(row.wake)) << row.claim;
  }
}

TEST(Decide, SaysWhyItKills) {
  const ObservedInstance late[] = {instance("a", Phase::kStarting, 1, 0),
                                   instance("b", Phase::kDraining, 1, 0)};
  const Decision decision = decide({2, 1, {}}, late, at(kNow), kLimits);
  ASSERT_EQ(decision.actions.size(), 2u);
  EXPECT_EQ(decision.actions[0].reason, "was not ready after 10s");
  EXPECT_EQ(decision.actions[1].reason, "had not ended after 5s");
}

TEST(Decide, KillsAReadyInstanceThatHasStoppedAnswering) {
  ObservedInstance silent = instance("a", Phase::kReady, 1, 0);
  silent.unanswered = at(kNow - 29);
  Decision decision = decide({1, 1, {}}, {&silent, 1}, at(kNow), kLimits);
  EXPECT_EQ(text(decision), "");
  EXPECT_EQ(decision.wake, at(kNow + 1));
  decision = decide({1, 1, {}}, {&silent, 1}, at(kNow + 1), kLimits);
  ASSERT_EQ(text(decision), "kill:a") << "the next is started once this one was reaped";
  EXPECT_EQ(decision.actions[0].reason, "did not answer for 30s");
}

// A story: whatever instances do, the loop comes to rest with what is wanted.
TEST(Decide, ComesToRest) {
  for (int wanted = 0; wanted <= 3; ++wanted) {
    std::vector<ObservedInstance> instances = {instance("a", Phase::kReady), instance("b", Phase::kStarting)};
    int now = kNow, made = 0;
    for (int round = 0; round < 50; ++round, ++now) {
      const Decision decision = decide({wanted, 2, {}}, instances, at(now), kLimits);
      for (ObservedInstance& i : instances)
        if (i.phase == Phase::kStarting) i.phase = Phase::kReady;
      std::erase_if(instances, [](const ObservedInstance& i) { return i.phase == Phase::kDraining; });
      for (const Action& action : decision.actions) {
        if (action.kind == Kind::kStart)
          instances.push_back(instance("n" + std::to_string(made++), Phase::kStarting, 2, now));
        for (ObservedInstance& i : instances)
          if (i.id == action.id) i.phase = Phase::kDraining;
      }
    }
    EXPECT_EQ(instances.size(), static_cast<size_t>(wanted));
    EXPECT_EQ(made, wanted);
    for (const ObservedInstance& i : instances) EXPECT_EQ(i.revision, 2u);
  }
}

}  // namespace
}  // namespace faisca::cluster
