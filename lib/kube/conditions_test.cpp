#include "lib/kube/conditions.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace faisca::kube {
namespace {

const WallTime kNoon(std::chrono::seconds(1'767'355'200));  // 2026-01-02T12:00:00Z
const WallTime kLater = kNoon + std::chrono::minutes(5);

Condition ready(Truth status, std::string reason) {
  return {.type = "Ready",
          .status = status,
          .reason = std::move(reason),
          .message = "m",
          .observed_generation = 2};
}

TEST(Conditions, MoveTheTransitionTimeOnlyWithTheStatus) {
  Conditions conditions;
  EXPECT_TRUE(conditions.set(ready(Truth::kFalse, "Starting"), kNoon));
  EXPECT_TRUE(conditions.set(ready(Truth::kFalse, "ImagePullFailed"), kLater));
  EXPECT_EQ(conditions.find("Ready")->last_transition_time, "2026-01-02T12:00:00Z");
  EXPECT_TRUE(conditions.set(ready(Truth::kTrue, "InstancesReady"), kLater));
  EXPECT_EQ(conditions.find("Ready")->last_transition_time, "2026-01-02T12:05:00Z");
}

TEST(Conditions, AreUnchangedBySettingThemAgain) {
  Conditions conditions;
  conditions.set(ready(Truth::kTrue, "InstancesReady"), kNoon);
  const Json before = conditions.json();
  EXPECT_FALSE(conditions.set(ready(Truth::kTrue, "InstancesReady"), kLater));
  EXPECT_EQ(conditions.json(), before);
}

TEST(Conditions, NoticeANewGeneration) {
  Conditions conditions;
  conditions.set(ready(Truth::kTrue, "InstancesReady"), kNoon);
  Condition next = ready(Truth::kTrue, "InstancesReady");
  next.observed_generation = 3;
  EXPECT_TRUE(conditions.set(next, kLater));
  EXPECT_EQ(conditions.find("Ready")->last_transition_time, "2026-01-02T12:00:00Z");
}

TEST(Conditions, SurviveTheWayThroughJson) {
  Conditions conditions;
  conditions.set(ready(Truth::kTrue, "InstancesReady"), kNoon);
  conditions.set({.type = "Degraded", .status = Truth::kUnknown, .reason = "NotSeen"}, kLater);
  EXPECT_EQ(Conditions::from(conditions.json()).json(), conditions.json());
  EXPECT_TRUE(Conditions::from(conditions.json()).is_true("Ready"));
  EXPECT_FALSE(conditions.is_true("Degraded"));
}

TEST(Conditions, LeaveOutWhatIsNoConditionAndSecondsOfAType) {
  const Json odd = Json::parse(
      R"([1, {"status": "True"}, {"type": "A", "status": "True"}, {"type": "A", "status": "False"}])");
  const Conditions read = Conditions::from(odd);
  ASSERT_EQ(read.all().size(), 1u);
  EXPECT_TRUE(read.is_true("A"));
  EXPECT_TRUE(Conditions::from(Json("text")).all().empty());
}

TEST(Conditions, RemoveOne) {
  Conditions conditions;
  conditions.set(ready(Truth::kTrue, "InstancesReady"), kNoon);
  EXPECT_TRUE(conditions.remove("Ready"));
  EXPECT_FALSE(conditions.remove("Ready"));
}

}  // namespace
}  // namespace faisca::kube
