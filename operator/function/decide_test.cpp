#include "operator/function/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operator/function/testing/builders.h"

namespace faisca::operators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace testing;

std::vector<ChildKind> kinds(const std::vector<Wanted>& children) {
  std::vector<ChildKind> out;
  for (const Wanted& child : children) out.push_back(child.kind);
  return out;
}

TEST(Decide, AppliesEverythingThatIsMissingWhatPodsNeedFirst) {
  const Decision d = decide(observed(inline_function()), settings());
  EXPECT_THAT(kinds(d.apply),
              ElementsAre(ChildKind::kConfigMap, ChildKind::kService, ChildKind::kDeployment));
  EXPECT_FALSE(d.problem);
}

TEST(Decide, WritesNothingWhenAllIsThere) {
  for (const api::Function& f : {function(), inline_function()}) {
    const Decision d = decide(with_children(observed(f), settings()), settings());
    EXPECT_TRUE(d.apply.empty());
    EXPECT_TRUE(d.remove.empty());
  }
}

TEST(Decide, KnowsChildrenThatCameInAList) {
  Observed o = observed(inline_function());
  for (const Wanted& wanted : decide(o, settings()).apply) {
    kube::Json item = wanted.object;  // lists leave out what all their items have in common
    item.erase("apiVersion");
    item.erase("kind");
    o.live[wanted.kind] = kube::Json::parse(child_text(item).value());
  }
  EXPECT_TRUE(decide(o, settings()).apply.empty());
}

TEST(Decide, RepairsDriftOfEachChild) {
  const std::pair<ChildKind, const char*> kRows[] = {
      {ChildKind::kDeployment, R"({"spec":{"replicas":7}})"},
      {ChildKind::kDeployment, R"({"spec":{"template":{"spec":{"enableServiceLinks":true}}}})"},
      {ChildKind::kDeployment, R"({"metadata":{"labels":{"faisca.dev/function":"x"}}})"},
      {ChildKind::kService, R"({"spec":{"selector":{"faisca.dev/function":"other"}}})"},
      {ChildKind::kConfigMap, R"({"data":{"handler.py":"something else"}})"},
      {ChildKind::kConfigMap, R"({"metadata":{"ownerReferences":null}})"},
  };
  for (const auto& [kind, change] : kRows) {
    Observed o = with_children(observed(inline_function()), settings());
    o.live[kind].merge_patch(kube::Json::parse(change));
    EXPECT_THAT(kinds(decide(o, settings()).apply), ElementsAre(kind)) << change;
  }
}

TEST(Decide, LeavesAloneWhatOthersAdded) {
  Observed o = with_children(observed(function()), settings());
  o.live[ChildKind::kDeployment]["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "3";
  o.live[ChildKind::kDeployment]["spec"]["template"]["metadata"]["annotations"]
        ["kubectl.kubernetes.io/restartedAt"] = "x";
  EXPECT_TRUE(decide(o, settings()).apply.empty());
}

TEST(Decide, DropsAFieldThatIsNoLongerWanted) {
  api::Function f = function();
  f.spec.env = {{"QUALITY", "80"}};
  Observed o = with_children(observed(f), settings());
  o.function.spec.env.clear();
  EXPECT_THAT(kinds(decide(o, settings()).apply), ElementsAre(ChildKind::kDeployment));
}

TEST(Decide, RemovesChildrenThatAreNoLongerWanted) {
  Observed o = with_children(observed(inline_function()), settings());
  o.function.spec.source.reset();
  o.function.spec.image = "x";
  Decision d = decide(o, settings());
  EXPECT_THAT(d.remove, ElementsAre(ChildKind::kConfigMap));
  EXPECT_THAT(kinds(d.apply), ElementsAre(ChildKind::kDeployment));

  o.live[ChildKind::kConfigMap]["metadata"]["ownerReferences"][0]["uid"] = "somebody";
  EXPECT_TRUE(decide(o, settings()).remove.empty()) << "not ours to remove";
}

TEST(Decide, TouchesNothingOfAForeignerWithTheSameName) {
  Observed o = observed(function());
  o.live[ChildKind::kService] = {{"metadata", {{"name", "resize"}, {"namespace", "default"}}}};
  const Decision d = decide(o, settings());
  EXPECT_TRUE(d.apply.empty());
  ASSERT_TRUE(d.problem);
  EXPECT_EQ(d.problem->reason, "NameConflict");
  EXPECT_THAT(d.problem->message,
              HasSubstr("the Service default/resize is there already and not this function's"));
}

TEST(Decide, WaitsForTheChildrenOfAFormerFunction) {
  Observed o = with_children(observed(function()), settings());
  o.owner.uid = "uid-2";
  const Decision d = decide(o, settings());
  EXPECT_TRUE(d.wait);
  EXPECT_TRUE(d.apply.empty());
}

TEST(Decide, KeepsInstancesRunningWhenTheSpecMakesNoSense) {
  struct Row {
    std::function<void(Observed&)> change;
    const char* reason;
    const char* message;
  };
  const Row kRows[] = {
      {[](Observed& o) { o.unreadable = Problem{"InvalidSpec", "spec.handlr: unknown field"}; },
       "InvalidSpec", "handlr"},
      {[](Observed& o) { o.runtime.reset(); }, "RuntimeNotFound", "there is no Runtime \"python3\""},
      {[](Observed& o) { o.unplaceable = Problem{"InvalidSpec", "instruction 3"}; }, "InvalidSpec",
       "instruction 3"},
      {[](Observed& o) { o.function.spec.scale = {5, 4}; }, "InvalidSpec", "spec.scale.min: 5 is more than"},
  };
  for (const Row& row : kRows) {
    Observed o = with_children(observed(inline_function()), settings());
    row.change(o);
    const Decision d = decide(o, settings());
    EXPECT_TRUE(d.apply.empty());
    EXPECT_TRUE(d.remove.empty());
    ASSERT_TRUE(d.problem) << row.reason;
    EXPECT_EQ(d.problem->reason, row.reason);
    EXPECT_THAT(d.problem->message, HasSubstr(row.message));
  }
}

TEST(Decide, LeavesADeletedFunctionToTheGarbageCollector) {
  Observed o = observed(function());
  o.deleting = true;
  EXPECT_TRUE(decide(o, settings()).apply.empty());
}

TEST(Decide, GivesAProgramWithoutADeviceNoInstances) {
  Observed o = observed(offloaded(api::Convention::kMem));
  o.placement = offload::Placement{};
  const Decision d = decide(o, settings());
  ASSERT_EQ(d.apply.size(), 4u);
  EXPECT_EQ(d.apply[3].object["spec"]["replicas"], 0);
  o.placement = offload::Placement{
      .device = "node1-0", .node = "node1", .moved_from = "", .fits = true, .refusals = {}};
  EXPECT_EQ(decide(o, settings()).apply[3].object["spec"]["replicas"], 1);
}

TEST(Ownership, IsTheControllersAndFallsBackToTheLabels) {
  const Owner owner = owner_of(function());
  kube::Json child = child_object(ChildKind::kService, owner);
  EXPECT_EQ(ownership_of(child, owner), Ownership::kOurs);
  child["metadata"]["ownerReferences"][0]["uid"] = "former";
  EXPECT_EQ(ownership_of(child, owner), Ownership::kFormer);
  child["metadata"]["ownerReferences"][0]["apiVersion"] = "openfaas.com/v1";
  EXPECT_EQ(ownership_of(child, owner), Ownership::kForeign);
  child["metadata"].erase("ownerReferences");
  EXPECT_EQ(ownership_of(child, owner), Ownership::kOurs);
  child["metadata"].erase("labels");
  EXPECT_EQ(ownership_of(child, owner), Ownership::kForeign);
}

}  // namespace
}  // namespace faisca::operators
