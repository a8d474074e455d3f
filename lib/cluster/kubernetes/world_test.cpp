#include "lib/cluster/kubernetes/world.h"

#include <gtest/gtest.h>

namespace faisca::cluster {
namespace {

FunctionState state(const std::string& name, int replicas = 1) {
  FunctionState made;
  made.function.metadata = {name, "team", {}, {}};
  made.replicas = replicas;
  return made;
}

Slice slice(const std::string& function, const std::vector<std::string>& ids) {
  Slice made{{"team", function}, {}};
  for (const std::string& id : ids) made.ready.push_back({id, "10.0.0.1", 8080});
  return made;
}

std::string ids_of(const Snapshot& snapshot, const std::string& name) {
  const FunctionStatePtr state = snapshot.find(name, "team");
  if (!state) return "(none)";
  std::string ids;
  for (const Endpoint& endpoint : state->ready) ids += endpoint.id;
  return ids;
}

TEST(World, PutsFunctionsAndSlicesTogetherInAnyOrder) {
  World world;
  Snapshot snapshot;
  world.put_slice({"team", "hello-1"}, slice("hello", {"b", "a"}));
  EXPECT_FALSE(world.changed()) << "nobody knows the function yet";
  world.put_function(state("hello"));
  world.put_slice({"team", "hello-2"}, slice("hello", {"c", "a"}));
  world.update(snapshot);
  EXPECT_EQ(ids_of(snapshot, "hello"), "abc") << "ordered, and a pod in two slices counts once";
  world.remove_slice({"team", "hello-1"});
  world.update(snapshot);
  EXPECT_EQ(ids_of(snapshot, "hello"), "ac");
  world.remove_slice({"team", "hello-2"});
  world.remove_slice({"team", "hello-2"});
  world.update(snapshot);
  EXPECT_EQ(ids_of(snapshot, "hello"), "");
}

TEST(World, KeepsEndpointsWhenTheFunctionChanges) {
  World world;
  Snapshot snapshot;
  world.put_function(state("hello"));
  world.put_slice({"team", "hello-1"}, slice("hello", {"a"}));
  world.put_function(state("hello", 5));
  world.update(snapshot);
  EXPECT_EQ(ids_of(snapshot, "hello"), "a");
  EXPECT_EQ(snapshot.find("hello", "team")->replicas, 5);
  world.remove_function({"team", "hello"});
  world.update(snapshot);
  EXPECT_EQ(ids_of(snapshot, "hello"), "(none)");
  world.put_function(state("hello"));
  world.update(snapshot);
  EXPECT_EQ(ids_of(snapshot, "hello"), "a") << "its slices were there all the time";
}

TEST(World, ChangesOnlyWhatChanged) {
  World world;
  Snapshot snapshot;
  world.put_function(state("a"));
  world.put_function(state("b"));
  world.put_slice({"team", "a-1"}, slice("a", {"x"}));
  world.update(snapshot);
  const FunctionStatePtr a = snapshot.find("a", "team"), b = snapshot.find("b", "team");
  world.put_function(state("a"));
  world.put_slice({"team", "a-1"}, slice("a", {"x"}));
  EXPECT_FALSE(world.changed()) << "the API server says the same again";
  world.put_slice({"team", "b-1"}, slice("b", {"y"}));
  EXPECT_TRUE(world.changed());
  world.update(snapshot);
  EXPECT_EQ(snapshot.find("a", "team"), a);
  EXPECT_NE(snapshot.find("b", "team"), b);
  EXPECT_FALSE(world.changed());
}

TEST(World, PrefersOurFunctionToOpenFaas) {
  World world;
  Snapshot snapshot;
  const kube::ObjectKey hello{"team", "hello"};
  EXPECT_EQ(world.origin_of(hello), std::nullopt);
  world.put_function(state("hello", 1), Origin::kOpenFaas);
  world.put_slice({"team", "s"}, slice("hello", {"x"}));
  world.update(snapshot);
  EXPECT_EQ(snapshot.find("hello", "team")->replicas, 1);
  EXPECT_EQ(world.origin_of(hello), Origin::kOpenFaas);
  world.put_function(state("hello", 2));
  world.update(snapshot);
  EXPECT_EQ(snapshot.find("hello", "team")->replicas, 2);
  EXPECT_EQ(world.origin_of(hello), Origin::kFaisca);
  world.put_slice({"team", "s"}, slice("hello", {"y"}));
  world.remove_function(hello);
  world.update(snapshot);
  ASSERT_EQ(snapshot.functions.size(), 1u);
  EXPECT_EQ(snapshot.find("hello", "team")->replicas, 1);
  EXPECT_EQ(ids_of(snapshot, "hello"), "y") << "endpoints are both's";
  EXPECT_TRUE(world.functions().empty());
  EXPECT_EQ(world.functions(Origin::kOpenFaas).size(), 1u);
}

TEST(World, MovesASliceThatChangesItsFunction) {
  World world;
  Snapshot snapshot;
  world.put_function(state("a"));
  world.put_function(state("b"));
  world.put_slice({"team", "s"}, slice("a", {"x"}));
  world.put_slice({"team", "s"}, slice("b", {"x"}));
  world.update(snapshot);
  EXPECT_EQ(ids_of(snapshot, "a"), "");
  EXPECT_EQ(ids_of(snapshot, "b"), "x");
  EXPECT_EQ(world.slices(), (std::vector<kube::ObjectKey>{{"team", "s"}}));
  EXPECT_EQ(world.functions().size(), 2u);
}

}  // namespace
}  // namespace faisca::cluster
