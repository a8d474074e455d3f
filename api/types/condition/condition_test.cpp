#include "api/types/condition/condition.h"

#include <gtest/gtest.h>

namespace faisca::api {
namespace {

TEST(Conditions, KeepTheTimeWhileTheStatusStays) {
  Conditions conditions;
  set_condition(conditions, {"Ready", ConditionStatus::kFalse, "Starting", "", 1, ""}, "T1");
  set_condition(conditions, {"Ready", ConditionStatus::kFalse, "ImagePullBackOff", "no such image", 2, ""},
                "T2");
  ASSERT_EQ(conditions.size(), 1u);
  EXPECT_EQ(conditions[0].last_transition_time, "T1");
  EXPECT_EQ(conditions[0].reason, "ImagePullBackOff");
  EXPECT_EQ(conditions[0].observed_generation, 2);
  set_condition(conditions, {"Ready", ConditionStatus::kTrue, "InstancesReady", "", 2, ""}, "T3");
  EXPECT_EQ(conditions[0].last_transition_time, "T3");
}

TEST(Conditions, AreFoundByType) {
  Conditions conditions;
  set_condition(conditions, {"Ready", ConditionStatus::kTrue, "", "", 1, ""}, "T1");
  set_condition(conditions, {"Degraded", ConditionStatus::kFalse, "", "", 1, ""}, "T1");
  ASSERT_TRUE(find_condition(conditions, "Degraded"));
  EXPECT_EQ(find_condition(conditions, "Degraded")->status, ConditionStatus::kFalse);
  EXPECT_FALSE(find_condition(conditions, "Progressing"));
}

}  // namespace
}  // namespace faisca::api
