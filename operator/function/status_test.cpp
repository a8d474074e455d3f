#include "operator/function/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/types/offload_program/offload_program.h"
#include "operator/function/testing/builders.h"

namespace faisca::operators {
namespace {

using api::ConditionStatus;
using ::testing::HasSubstr;
using namespace testing;

const kube::Json kNone;

api::FunctionStatus status_of(const Observed& observed, std::optional<Problem> refused = {}) {
  const Decision decision = decide(observed, settings());
  const auto live = observed.live.find(ChildKind::kDeployment);
  return decide_status({.observed = observed,
                        .decision = decision,
                        .deployment = live == observed.live.end() ? kNone : live->second,
                        .refused = std::move(refused),
                        .now = "2026-01-02T03:04:05Z"},
                       settings());
}

std::string word(const api::FunctionStatus& status, const char* type) {
  const api::Condition* condition = api::find_condition(status.conditions, type);
  if (!condition) return "none";
  return std::string(api::word_of(api::kConditionStatuses, condition->status)) + "/" + condition->reason;
}

Observed running(int wanted, int replicas, int updated, int ready) {
  api::Function f = function();
  f.spec.replicas = wanted;
  f.spec.scale.min = 0;
  Observed o = with_children(observed(f), settings());
  set_instances(o, replicas, updated, ready);
  return o;
}

TEST(Status, TellsHowInstancesAre) {
  struct Row {
    const char* what;
    int wanted, replicas, updated, ready;
    const char *is_ready, *progressing;
  };
  const Row kRows[] = {
      {"all there", 2, 2, 2, 2, "True/InstancesReady", "False/Settled"},
      {"some there", 3, 3, 3, 1, "True/InstancesReady", "True/CarryingOut"},
      {"none yet", 1, 1, 1, 0, "Unknown/Starting", "True/CarryingOut"},
      {"none made yet", 1, 0, 0, 0, "Unknown/Starting", "True/CarryingOut"},
      {"old ones answer", 2, 3, 1, 2, "Unknown/RollingOut", "True/CarryingOut"},
      {"a new one answers beside the old", 2, 3, 1, 3, "True/InstancesReady", "True/CarryingOut"},
      {"none wanted", 0, 0, 0, 0, "True/ScaledToZero", "False/Settled"},
      {"scaling down", 1, 3, 3, 3, "True/InstancesReady", "True/CarryingOut"},
  };
  for (const Row& row : kRows) {
    const api::FunctionStatus s = status_of(running(row.wanted, row.replicas, row.updated, row.ready));
    EXPECT_EQ(word(s, api::kReady), row.is_ready) << row.what;
    EXPECT_EQ(word(s, api::kProgressing), row.progressing) << row.what;
    EXPECT_EQ(word(s, api::kDegraded), "False/AsExpected") << row.what;
    EXPECT_EQ(s.replicas, row.replicas);
    EXPECT_EQ(s.ready_replicas, row.ready);
    EXPECT_EQ(s.observed_generation, 1);
  }
}

TEST(Status, DoesNotTrustADeploymentThatItsControllerHasNotSeen) {
  Observed o = running(1, 1, 1, 1);
  o.live[ChildKind::kDeployment]["metadata"]["generation"] = 2;
  EXPECT_EQ(word(status_of(o), api::kReady), "Unknown/RollingOut");
}

TEST(Status, TellsWhatPodsSay) {
  Observed o = running(1, 1, 1, 0);
  o.pods = {{"resize", false, false, "ImagePullBackOff", "the image x cannot be had: not found"}};
  const api::FunctionStatus s = status_of(o);
  EXPECT_EQ(word(s, api::kReady), "False/ImagePullBackOff");
  EXPECT_EQ(word(s, api::kDegraded), "True/ImagePullBackOff");
  EXPECT_EQ(s.reason, "ImagePullBackOff");
  EXPECT_THAT(api::find_condition(s.conditions, api::kReady)->message, HasSubstr("not found"));
}

TEST(Status, StaysReadyWhileOneInstanceOfManyFails) {
  Observed o = running(2, 2, 2, 1);
  o.pods = {{"resize", true, false, "", ""}, {"resize", false, false, "CrashLoopBackOff", "exit code 1"}};
  const api::FunctionStatus s = status_of(o);
  EXPECT_EQ(word(s, api::kReady), "True/InstancesReady");
  EXPECT_EQ(word(s, api::kDegraded), "True/CrashLoopBackOff");
  EXPECT_EQ(s.reason, "");
}

TEST(Status, IgnoresPodsThatAreGoing) {
  Observed o = running(1, 1, 1, 0);
  o.pods = {{"resize", false, true, "ContainerEnded", "exit code 143"}};
  EXPECT_EQ(word(status_of(o), api::kReady), "Unknown/Starting");
}

TEST(Status, TellsWhatTheDeploymentSays) {
  Observed o = running(1, 0, 0, 0);
  o.live[ChildKind::kDeployment]["status"]["conditions"] = {{{"type", "ReplicaFailure"},
                                                             {"status", "True"},
                                                             {"reason", "FailedCreate"},
                                                             {"message", "exceeded quota"}}};
  EXPECT_EQ(word(status_of(o), api::kReady), "False/FailedCreate");
}

TEST(Status, TellsWhatIsWrongWithTheSpec) {
  Observed o = running(1, 1, 1, 1);
  o.function.spec.scale = {5, 4};
  EXPECT_EQ(word(status_of(o), api::kReady), "False/InvalidSpec");
  EXPECT_EQ(word(status_of(running(1, 1, 1, 1), Problem{"Refused", "no"}), api::kReady), "False/Refused");
}

TEST(Status, TellsThatAFunctionIsSuspended) {
  Observed o = running(0, 0, 0, 0);
  o.function.spec.suspended = true;
  const api::FunctionStatus s = status_of(o);
  EXPECT_EQ(word(s, api::kReady), "False/Suspended");
  EXPECT_EQ(word(s, api::kDegraded), "False/AsExpected");
}

TEST(Status, TellsThatNoDeviceFits) {
  Observed o = observed(offloaded(api::Convention::kMem));
  o.placement = offload::Placement{};
  o.placement->refusals = {{"node1-0", "port 0 is taken by shop/count"}};
  EXPECT_EQ(word(status_of(o), api::kReady), "False/NoDevice");
  EXPECT_THAT(api::find_condition(status_of(o).conditions, api::kReady)->message,
              HasSubstr("port 0 is taken"));
}

TEST(Status, OfAnXdpProgramIsWhatItsDeviceSays) {
  Observed o = observed(offloaded(api::Convention::kXdp));
  o.placement = offload::Placement{
      .device = "node1-0", .node = "node1", .moved_from = "", .fits = true, .refusals = {}};
  o = with_children(std::move(o), settings());
  EXPECT_EQ(word(status_of(o), api::kReady), "Unknown/Loading");

  api::OffloadProgramStatus program;
  program.device = "node1-0";
  program.observed_generation = 1;
  program.ports = {0, 1};
  program.counters.packets = 7;
  program.conditions = {{"Ready", ConditionStatus::kTrue, "Attached", "", 1, ""}};
  const auto put = [&] {
    api::OffloadProgram whole;
    whole.status = program;
    o.live[ChildKind::kOffloadProgram]["status"] =
        kube::Json::parse(api::print_offload_program_json(whole))["status"];
  };
  put();
  const api::FunctionStatus s = status_of(o);
  EXPECT_EQ(word(s, api::kReady), "True/ProgramAttached");
  EXPECT_EQ(s.url, "");
  EXPECT_EQ(s.runtime, "ebpf/xdp");
  ASSERT_TRUE(s.offload);
  EXPECT_EQ(s.offload->packets, 7);
  EXPECT_EQ(s.offload->ports, (std::vector<int>{0, 1}));

  program.device = "node2-0";  // what it says is about the device it was on before
  put();
  EXPECT_EQ(word(status_of(o), api::kReady), "Unknown/Loading");

  program.device = "node1-0";
  program.conditions = {{"Ready", ConditionStatus::kFalse, "PortsNotSupported", "no port 9", 1, ""}};
  put();
  EXPECT_EQ(word(status_of(o), api::kReady), "False/PortsNotSupported");
}

TEST(Status, IsTheSameForTheSameWorld) {
  Observed o = running(2, 2, 2, 2);
  o.status = status_of(o);
  EXPECT_EQ(status_of(o), o.status);
}

TEST(Url, NamesTheNamespaceUnlessItIsTheDefault) {
  api::Function f = function();
  EXPECT_EQ(url_of(f, settings()), "http://gateway.faisca/function/resize");
  f.metadata.name_space = "shop";
  EXPECT_EQ(url_of(f, settings()), "http://gateway.faisca/function/resize.shop");
}

TEST(OnlyCounters, AreWorthLessThanTheRest) {
  api::FunctionStatus a;
  a.offload.emplace();
  api::FunctionStatus b = a;
  EXPECT_FALSE(only_counters_differ(a, b));
  b.offload->packets = 5;
  EXPECT_TRUE(only_counters_differ(a, b));
  b.replicas = 1;
  EXPECT_FALSE(only_counters_differ(a, b));
}

TEST(Tale, IsToldOnceForEachChange) {
  Observed good = running(1, 1, 1, 1);
  Observed bad = running(1, 1, 1, 0);
  bad.pods = {{"resize", false, false, "OOMKilled", "too little memory"}};
  const api::FunctionStatus well = status_of(good), ill = status_of(bad);
  EXPECT_EQ(tell({}, well), std::nullopt) << "a thousand new functions are not a thousand events";
  EXPECT_EQ(tell(well, ill), (Tale{true, "OOMKilled", "too little memory"}));
  EXPECT_EQ(tell(ill, ill), std::nullopt);
  EXPECT_EQ(tell(ill, well), (Tale{false, "Recovered", "what was wrong is over: OOMKilled"}));
  Observed suspended = running(0, 0, 0, 0);
  suspended.function.spec.suspended = true;
  EXPECT_EQ(tell(well, status_of(suspended))->reason, "Suspended");
  EXPECT_EQ(tell(status_of(suspended), well)->reason, "Resumed");
}

}  // namespace
}  // namespace faisca::operators
