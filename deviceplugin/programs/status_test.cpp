#include "deviceplugin/programs/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deviceplugin/testing/wanted.h"

namespace faisca::deviceplugin {
namespace {

using api::ConditionStatus;
using testing::HasSubstr;

class StatusTest : public testing::Test {
 protected:
  StatusTest() {
    agent_.instance = "first";
    agent_.programs = {"id"};
    agent_.counters = {{"other", "o", 9, 9, 9, 9}, {"id", "f", 5, 1, 100, 400}};
    held_ = {.generation = 1, .instance = "first", .id = "id"};
  }
  api::OffloadProgramStatus status(const ProgramBuilder& builder, const HeldProgram* held) {
    const AgentView view{.state = here_ ? &agent_ : nullptr, .why = "the agent does not answer"};
    return status_of(want({builder}).begin()->second, held, view, "node1-0", before_, now_);
  }
  static std::string text(const api::OffloadProgramStatus& status, const char* type) {
    const api::Condition* condition = api::find_condition(status.conditions, type);
    if (!condition) return "none";
    const char* names[] = {"Unknown", "True", "False"};
    return std::string(names[static_cast<int>(condition->status)]) + " " + condition->reason;
  }

  AgentState agent_;
  HeldProgram held_;
  bool here_ = true;
  api::OffloadProgramStatus before_;
  std::string now_ = "2026-01-01T00:00:00Z";
};

TEST_F(StatusTest, OfALoadedMemProgramIsReadyAndCounts) {
  const auto got = status(program("a", "b"), &held_);
  EXPECT_TRUE(got.loaded);
  EXPECT_EQ(got.program_id, "id");
  EXPECT_EQ(got.device, "node1-0");
  EXPECT_EQ(got.observed_generation, 1);
  EXPECT_EQ(got.counters.packets, 5);
  EXPECT_EQ(got.counters.faults, 1);
  EXPECT_EQ(got.counters.instructions, 100);
  EXPECT_EQ(got.counters.cycles, 400);
  EXPECT_EQ(text(got, "Loaded"), "True Loaded");
  EXPECT_EQ(text(got, "Ready"), "True Loaded");
  EXPECT_EQ(text(got, "Attached"), "none");
}

TEST_F(StatusTest, OfAnXdpProgramSaysThatPortsAreNotSupported) {
  const auto got = status(program("a", "b").xdp(), &held_);
  EXPECT_EQ(text(got, "Loaded"), "True Loaded");
  EXPECT_EQ(text(got, "Attached"), "False PortsNotSupported");
  EXPECT_EQ(text(got, "Ready"), "False PortsNotSupported");
}

TEST_F(StatusTest, SaysWhyAProgramWasRejected) {
  held_.id.clear();
  held_.error = Error{Code::kInvalidArgument, "instruction 3: no such helper", "", {}};
  const auto got = status(program("a", "b"), &held_);
  EXPECT_FALSE(got.loaded);
  EXPECT_EQ(text(got, "Loaded"), "False Rejected");
  EXPECT_EQ(api::find_condition(got.conditions, "Loaded")->message, "instruction 3: no such helper");
}

TEST_F(StatusTest, KeepsCountersAndDoesNotGuessWhileTheAgentIsAway) {
  before_ = status(program("a", "b"), &held_);
  here_ = false;
  now_ = "2026-01-01T00:00:09Z";
  const auto got = status(program("a", "b"), &held_);
  EXPECT_EQ(text(got, "Ready"), "Unknown AgentAway");
  EXPECT_FALSE(got.loaded);
  EXPECT_EQ(got.counters.packets, 5);
  EXPECT_EQ(api::find_condition(got.conditions, "Ready")->last_transition_time, now_);
}

TEST_F(StatusTest, CoversEveryWayNotToBeLoaded) {
  EXPECT_EQ(text(status(program("a", "b"), nullptr), "Loaded"), "False Loading");
  agent_.programs.clear();
  EXPECT_EQ(text(status(program("a", "b"), &held_), "Loaded"), "False Evicted");
  agent_.instance = "second";
  EXPECT_EQ(text(status(program("a", "b"), &held_), "Loaded"), "False Loading");
  held_ = {.instance = "second", .error = Error{Code::kResourceExhausted, "busy", "", {}}};
  EXPECT_EQ(text(status(program("a", "b"), &held_), "Loaded"), "False LoadFailed");
}

TEST_F(StatusTest, DoesNotChangeWhenNothingDoes) {
  before_ = status(program("a", "b"), &held_);
  now_ = "2026-01-01T01:00:00Z";
  EXPECT_EQ(status(program("a", "b"), &held_), before_);
  agent_.counters[1].invocations++;
  EXPECT_NE(status(program("a", "b"), &held_), before_);
  EXPECT_FALSE(differs_in_substance(status(program("a", "b"), &held_), before_))
      << "counters are not substance";
}

}  // namespace
}  // namespace faisca::deviceplugin
