// Deploying, changing, scaling and removing functions, with the real watchdog.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "lib/base/files.h"
#include "tests/component/cluster/cluster_world.h"

namespace faisca::cluster {
namespace {

using testing::HasSubstr;

TEST(EmbeddedCluster, RunsADeployedFunction) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("echo", {"/bin/cat"}), Apply::kCreate));
  const FunctionState state = world.wait_ready("echo", 1);
  EXPECT_EQ(state.replicas, 1);
  EXPECT_EQ(state.generation, 1u);
  EXPECT_EQ(state.reason, "");
  EXPECT_EQ(world.invoke("echo", "Ada"), "Ada");
}

TEST(EmbeddedCluster, ShowsTheFunctionAsSoonAsApplyReturns) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("echo", {"/bin/cat"}), Apply::kCreate));
  const auto snapshot = cluster.snapshot();
  ASSERT_TRUE(snapshot->contains("echo"));
  const FunctionState& state = *snapshot->find("echo");
  if (state.ready.empty()) EXPECT_EQ(state.reason, "1 instance is starting");
  ASSERT_TRUE(cluster.remove({"echo"}));
  EXPECT_FALSE(cluster.snapshot()->contains("echo"));
}

TEST(EmbeddedCluster, RunsInlineCode) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(
      inline_function("greet", "bash", "read -r name\necho \"Hello $name from $PLACE\"\n"), Apply::kCreate));
  ASSERT_TRUE(world.cluster().snapshot()->contains("greet"));
  api::Function changed =
      inline_function("greet", "bash", "read -r name; echo \"Hello $name from $PLACE\"\n");
  changed.spec.env = {{"PLACE", "here"}};
  ASSERT_TRUE(cluster.apply(changed, Apply::kUpdate));
  world.wait_for("greet", [](const FunctionState& s) { return s.generation == 2 && s.ready.size() == 1; });
  EXPECT_TRUE(
      ClusterWorld::eventually([&] { return world.invoke("greet", "Ada\n") == "Hello Ada from here\n"; }));
}

TEST(EmbeddedCluster, RunsAnArchive) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  const std::string folder = world.home().parent_path() / "code";
  std::filesystem::create_directories(folder);
  world.script("code/handler", "#!/bin/sh\ncat greeting\n");
  std::ofstream(folder + "/greeting") << "Hi";
  const std::string tar = folder + ".tar";
  ASSERT_EQ(std::system(("tar -cf " + tar + " -C " + folder + " .").c_str()), 0);
  std::string sum(64, 0);
  FILE* pipe = ::popen(("sha256sum " + tar).c_str(), "r");
  ASSERT_EQ(std::fread(sum.data(), 1, 64, pipe), 64u);
  ::pclose(pipe);

  api::Function made = function("hi", {"./handler"});
  made.spec.source = api::Source{"c", "", api::Archive{"file://" + tar, std::string(64, '0')}};
  const Status wrong = cluster.apply(made, Apply::kCreate);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().text(), HasSubstr("is not the sum of " + tar + ", which is " + sum));
  made.spec.source->archive->sha256 = sum;
  ASSERT_TRUE(cluster.apply(made, Apply::kCreate));
  EXPECT_EQ(world.invoke("hi", ""), "Hi");
  EXPECT_TRUE(std::filesystem::exists(world.home() / "artifacts" / sum / "handler"));

  ASSERT_TRUE(cluster.remove({"hi"}));
  EXPECT_TRUE(
      ClusterWorld::eventually([&] { return !std::filesystem::exists(world.home() / "artifacts" / sum); }));
}

TEST(EmbeddedCluster, KeepsTheOldInstancesUntilTheNewAreReady) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  api::Function made = inline_function("v", "bash", "echo one");
  made.spec.scale = {2, 4};
  ASSERT_TRUE(cluster.apply(made, Apply::kCreate));
  const FunctionState before = world.wait_ready("v", 2);
  std::atomic<size_t> fewest = 100;
  const auto subscription = cluster.subscribe([&] {
    const auto snapshot = cluster.snapshot();
    fewest = std::min<size_t>(fewest, snapshot->find("v")->ready.size());
  });
  made.spec.source->inline_code = "echo two";
  ASSERT_TRUE(cluster.apply(made, Apply::kUpsert));
  const FunctionState after = world.wait_for("v", [&](const FunctionState& s) {
    return s.ready.size() == 2 && std::none_of(s.ready.begin(), s.ready.end(), [&](const Endpoint& e) {
             return e.id == before.ready[0].id || e.id == before.ready[1].id;
           });
  });
  EXPECT_GE(fewest, 2u);
  for (const Endpoint& endpoint : after.ready) EXPECT_EQ(post(endpoint.port, ""), "two\n");
}

TEST(EmbeddedCluster, ScalesUpDownAndToZero) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("echo", {"/bin/cat"}), Apply::kCreate));
  ASSERT_TRUE(cluster.scale({"echo"}, 3));
  EXPECT_EQ(world.wait_ready("echo", 3).replicas, 3);
  ASSERT_TRUE(cluster.scale({"echo"}, 0));
  EXPECT_EQ(world.wait_ready("echo", 0).reason, "");
  EXPECT_TRUE(ClusterWorld::eventually([&] { return world.marked_processes().empty(); }));
  ASSERT_TRUE(cluster.scale({"echo"}, 1));
  EXPECT_EQ(world.invoke("echo", "x"), "x");
  const Status much = cluster.scale({"echo"}, 21);
  ASSERT_FALSE(much);
  EXPECT_THAT(much.error().text(), HasSubstr("21 replicas of echo are not between 0 and spec.scale.max, 20"));
}

TEST(EmbeddedCluster, RemovesProcessesFilesAndLogs) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(inline_function("greet", "bash", "echo hi"), Apply::kCreate));
  EXPECT_EQ(world.invoke("greet", ""), "hi\n");
  ASSERT_TRUE(cluster.remove({"greet"}));
  EXPECT_FALSE(std::filesystem::exists(world.home() / "functions" / "greet.yaml"));
  EXPECT_TRUE(
      ClusterWorld::eventually([&] { return !std::filesystem::exists(world.home() / "logs" / "greet"); }));
  EXPECT_TRUE(
      ClusterWorld::eventually([&] { return std::filesystem::is_empty(world.home() / "artifacts"); }));
  EXPECT_TRUE(world.marked_processes().empty());
  EXPECT_EQ(cluster.remove({"greet"}).error().code, Code::kNotFound);
}

TEST(EmbeddedCluster, KeepsOutputReadable) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  ASSERT_TRUE(
      cluster.apply(inline_function("noisy", "bash", "echo out; echo complaint >&2"), Apply::kCreate));
  world.invoke("noisy", "");
  EXPECT_TRUE(ClusterWorld::eventually([&] {
    return world.logs("noisy").find("Forking fprocess") != std::string::npos;
  })) << world.logs("noisy");
  EXPECT_EQ(cluster.logs({.function = {"other"}}, [](const LogLine&) { return true; }).error().code,
            Code::kNotFound);
}

TEST(EmbeddedCluster, AnswersCommandsAsAsked) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("echo", {"/bin/cat"}), Apply::kCreate));
  EXPECT_EQ(cluster.apply(function("echo", {"/bin/cat"}), Apply::kCreate).error().code, Code::kAlreadyExists);
  EXPECT_EQ(cluster.apply(function("other", {"/bin/cat"}), Apply::kUpdate).error().code, Code::kNotFound);
  EXPECT_EQ(cluster.scale({"other"}, 1).error().code, Code::kNotFound);
  const uint64_t version = cluster.snapshot()->version;
  ASSERT_TRUE(cluster.apply(function("echo", {"/bin/cat"}), Apply::kUpsert));
  EXPECT_EQ(cluster.snapshot()->find("echo")->generation, 1u) << "nothing changed";
  EXPECT_GE(cluster.snapshot()->version, version);
  EXPECT_EQ(cluster.info().orchestration, "embedded");
}

}  // namespace
}  // namespace faisca::cluster
