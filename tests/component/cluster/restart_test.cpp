// The platform stops, is killed, and comes back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>

#include "lib/base/files.h"
#include "tests/component/cluster/cluster_world.h"

namespace faisca::cluster {
namespace {

using testing::HasSubstr;

TEST(EmbeddedCluster, BringsBackWhatWasDeployed) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  api::Function made = inline_function("greet", "bash", "echo hi");
  made.metadata.labels = {{"team", "blue"}};
  ASSERT_TRUE(cluster.apply(made, Apply::kCreate));
  made.spec.env = {{"A", "b"}};
  ASSERT_TRUE(cluster.apply(made, Apply::kUpdate));
  ASSERT_TRUE(cluster.scale({"greet"}, 2));
  const FunctionState before = world.wait_ready("greet", 2);
  world.close();
  EXPECT_TRUE(world.marked_processes().empty());
  world.open();
  const FunctionState after = world.wait_ready("greet", 2);
  EXPECT_EQ(after.generation, 2u);
  EXPECT_EQ(after.created_at, before.created_at);
  EXPECT_EQ(after.function, before.function);
  EXPECT_NE(after.ready[0].id, before.ready[0].id);
  EXPECT_EQ(world.invoke("greet", ""), "hi\n");
}

TEST(EmbeddedCluster, SetsACorruptFileAsideAndStartsTheOthers) {
  ClusterWorld world;
  world.open();
  ASSERT_TRUE(world.cluster().apply(function("good", {"/bin/cat"}), Apply::kCreate));
  world.close();
  const std::filesystem::path folder = world.home() / "functions";
  std::ofstream(folder / "bad.yaml") << "kind: Func";
  std::ofstream(folder / "misnamed.yaml") << read_file(folder / "good.yaml").value();
  std::ofstream(folder / "half.yaml.a1b2c3") << "apiVersion";
  world.open();
  EXPECT_EQ(world.invoke("good", "x"), "x");
  EXPECT_EQ(world.cluster().snapshot()->functions.size(), 1u);
  EXPECT_TRUE(std::filesystem::exists(folder / "bad.yaml.corrupt"));
  EXPECT_TRUE(std::filesystem::exists(folder / "misnamed.yaml.corrupt"));
  EXPECT_FALSE(std::filesystem::exists(folder / "half.yaml.a1b2c3"));
}

TEST(EmbeddedCluster, ShowsAFunctionThatCannotBeBroughtBack) {
  ClusterWorld world;
  world.open();
  const std::string handler = world.script("handler", "#!/bin/sh\necho hi\n");
  ASSERT_TRUE(world.cluster().apply(function("hi", {handler}), Apply::kCreate));
  world.close();
  std::filesystem::remove(handler);
  Cluster& cluster = world.open();
  const auto state = cluster.snapshot()->find("hi");
  EXPECT_THAT(state->reason, HasSubstr("cannot be started: spec.handler.command[0]: "));
  world.script("handler", "#!/bin/sh\necho hi again\n");
  ASSERT_TRUE(cluster.apply(function("hi", {handler}), Apply::kUpsert));
  EXPECT_EQ(world.invoke("hi", ""), "hi again\n");
}

TEST(EmbeddedCluster, LetsOnlyOnePlatformUseAHome) {
  ClusterWorld world;
  world.open();
  ASSERT_TRUE(world.cluster().apply(function("echo", {"/bin/cat"}), Apply::kCreate));
  world.wait_ready("echo", 1);
  const auto second = world.try_open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kFailedPrecondition);
  EXPECT_THAT(second.error().text(), HasSubstr("another platform (pid " + std::to_string(::getpid()) + ")"));
  EXPECT_EQ(world.invoke("echo", "unharmed"), "unharmed");
}

// The owner of the cluster is killed, as `kill -9` of the gateway does.
TEST(EmbeddedCluster, SurvivesItsOwnKill) {
  ClusterWorld world;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t owner = ::fork();
  if (owner == 0) {
    auto cluster = open_embedded(world.settings);
    if (!cluster || !(*cluster)->apply(function("echo", {"/bin/cat"}), Apply::kCreate)) ::_exit(1);
    while ((*cluster)->snapshot()->find("echo")->ready.empty()) ::usleep(1000);
    [[maybe_unused]] const ssize_t written = ::write(ready[1], "x", 1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  const std::vector<pid_t> before = world.marked_processes();
  EXPECT_FALSE(before.empty());
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  world.open();
  EXPECT_EQ(world.invoke("echo", "back"), "back");
  for (const pid_t pid : world.marked_processes())
    EXPECT_EQ(std::count(before.begin(), before.end(), pid), 0) << "an orphan serves on";
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace faisca::cluster
