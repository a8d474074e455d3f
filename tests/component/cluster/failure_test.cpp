// What goes wrong: handlers that are missing, instances that die or never get ready, full disks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <fstream>

#include "lib/base/files.h"
#include "tests/component/cluster/cluster_world.h"

namespace faisca::cluster {
namespace {

using testing::HasSubstr;

TEST(EmbeddedCluster, RefusesWhatCannotRunAndChangesNothing) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  const std::string plain = world.home().parent_path() / "plain";
  std::ofstream(plain) << "text";
  api::Function image = function("x", {});
  image.spec.image = "registry.example/x:1";
  api::Function http = function("x", {"/bin/cat"});
  http.spec.handler.mode = api::Mode::kHttp;
  api::Function web = function("x", {"./x"});
  web.spec.source = api::Source{"c", "", api::Archive{"https://example.com/x.tar", std::string(64, '0')}};
  api::Function gone = web;
  gone.spec.source->archive->url = "file:///nonexistent/x.tar";
  api::Function object = function("x", {});
  object.spec.offload.emplace().object = "not an ELF file";
  const std::pair<api::Function, std::string> kRows[] = {
      {function("x", {"/nonexistent/program"}), "/nonexistent/program"},
      {function("x", {plain}), "spec.handler.command[0]"},
      {image, "has no container runtime"},
      {http, "runs fork only"},
      {web, "is not a file on this machine"},
      {gone, "cannot open /nonexistent/x.tar"},
      {object, "loading spec.offload.object"},
      {function("Bad_Name", {"/bin/cat"}), "metadata.name: \"Bad_Name\" is not a DNS-1123 label"},
      {function(std::string(64, 'a'), {"/bin/cat"}), "has 64 characters, more than 63"},
  };
  for (const auto& [made, message] : kRows) {
    const Status status = cluster.apply(made, Apply::kCreate);
    ASSERT_FALSE(status) << message;
    EXPECT_THAT(status.error().text(), HasSubstr(message));
  }
  EXPECT_TRUE(cluster.snapshot()->functions.empty());
  EXPECT_TRUE(std::filesystem::is_empty(world.home() / "functions"));
  EXPECT_TRUE(std::filesystem::is_empty(world.home() / "artifacts"));
}

TEST(EmbeddedCluster, RefusesWhatOnlyKubernetesHas) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  const std::pair<std::function<void(api::FunctionSpec&)>, std::string> kRows[] = {
      {[](auto& spec) { spec.secrets = {"token"}; }, "spec.secrets: the embedded platform has no Secrets"},
      {[](auto& spec) { spec.config_maps = {"c"}; },
       "spec.configMaps: the embedded platform has no ConfigMaps"},
      {[](auto& spec) { spec.source = api::Source{"bash", "", {}, "code"}; },
       "spec.source.configMapRef: the embedded platform has no ConfigMaps"},
      {[](auto& spec) { spec.env = {{"A", "", api::EnvSource{api::KeyReference{"s", "k"}, {}}}}; },
       "spec.env[0].valueFrom: the embedded platform has no Secrets and ConfigMaps"},
      {[](auto& spec) { spec.replicas = 2; },
       "spec.replicas: the embedded platform has no replicas in the spec"},
      {[](auto& spec) { spec.suspended = true; },
       "spec.suspended: the embedded platform has no suspended functions"},
  };
  for (const auto& [change, message] : kRows) {
    api::Function made = function("x", {"/bin/cat"});
    change(made.spec);
    const Status status = cluster.apply(made, Apply::kCreate);
    ASSERT_FALSE(status) << message;
    EXPECT_EQ(status.error().code, Code::kUnimplemented);
    EXPECT_THAT(status.error().text(), HasSubstr(message));
  }
  api::Function pod = function("x", {"/bin/cat"});  // no effect here, so that one file serves both platforms
  pod.spec.resources.limits = {{"cpu", "1"}};
  pod.spec.pod.runtime_class = "kata";
  EXPECT_TRUE(cluster.apply(pod, Apply::kCreate));
}

TEST(EmbeddedCluster, KeepsTheOldVersionWhenAnUpdateIsRefused) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("echo", {"/bin/cat"}), Apply::kCreate));
  world.wait_ready("echo", 1);
  ASSERT_FALSE(cluster.apply(function("echo", {"/nonexistent"}), Apply::kUpdate));
  EXPECT_EQ(world.invoke("echo", "still here"), "still here");
  EXPECT_EQ(cluster.snapshot()->find("echo")->generation, 1u);
}

TEST(EmbeddedCluster, ServesTheOldVersionWhileTheNewOneFails) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("echo", {"/bin/cat"}), Apply::kCreate));
  world.wait_ready("echo", 1);
  api::Function broken = function("echo", {"/bin/cat"});
  broken.spec.env = {{"mode", "no-such-mode"}};  // the watchdog refuses it at start
  ASSERT_TRUE(cluster.apply(broken, Apply::kUpdate));
  const FunctionState state = world.wait_for("echo", [](const FunctionState& s) {
    return s.reason.find("exited with status") != std::string::npos;
  });
  EXPECT_EQ(state.ready.size(), 1u);
  EXPECT_EQ(world.invoke("echo", "old"), "old");
}

TEST(EmbeddedCluster, RestartsAnInstanceThatWasKilled) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("echo", {"/bin/cat"}), Apply::kCreate));
  const std::string before = world.wait_ready("echo", 1).ready[0].id;
  for (const pid_t pid : world.marked_processes()) ::kill(pid, SIGKILL);
  const FunctionState after = world.wait_for(
      "echo", [&](const FunctionState& s) { return s.ready.size() == 1 && s.ready[0].id != before; });
  ASSERT_EQ(after.ready.size(), 1u);
  EXPECT_EQ(post(after.ready[0].port, "back"), "back");
}

TEST(EmbeddedCluster, ReplacesAnInstanceThatHangs) {
  ClusterWorld world;
  world.settings.health_period = std::chrono::milliseconds(50);
  world.settings.silence_timeout = std::chrono::milliseconds(500);
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("echo", {"/bin/cat"}), Apply::kCreate));
  const std::string before = world.wait_ready("echo", 1).ready[0].id;
  for (const pid_t pid : world.marked_processes()) ::kill(pid, SIGSTOP);
  const FunctionState after = world.wait_for(
      "echo", [&](const FunctionState& s) { return s.ready.size() == 1 && s.ready[0].id != before; });
  ASSERT_EQ(after.ready.size(), 1u);
  EXPECT_EQ(post(after.ready[0].port, "back"), "back");
}

TEST(EmbeddedCluster, TellsWhyInstancesCrash) {
  ClusterWorld world;
  world.settings.watchdog =
      world.script("crash", "#!/bin/sh\necho starting\necho 'no such colour: mauve' >&2\nexit 3\n");
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("sad", {"/bin/cat"}), Apply::kCreate));
  const FunctionState state = world.wait_for("sad", [](const FunctionState& s) {
    return s.reason.find("exited with status 3: no such colour: mauve") != std::string::npos;
  });
  EXPECT_TRUE(state.ready.empty());
  EXPECT_THAT(state.reason, HasSubstr("instance sad-"));
  EXPECT_THAT(world.logs("sad"), HasSubstr("starting\nno such colour: mauve\n"));
  // A crash loop keeps the logs of a few instances, not of all.
  world.wait_for("sad", [n = 0, last = std::string()](const FunctionState& s) mutable {
    if (s.reason != last) ++n;
    last = s.reason;
    return n > 8;
  });
  size_t logs = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(world.home() / "logs" / "sad"))
    ++logs;
  EXPECT_LE(logs, 7u);
}

TEST(EmbeddedCluster, KillsAnInstanceThatNeverGetsReady) {
  ClusterWorld world;
  world.settings.watchdog = world.script("deaf", "#!/bin/sh\necho 'thinking'\nexec sleep 1000\n");
  world.settings.ready_timeout = std::chrono::milliseconds(100);
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("deaf", {"/bin/cat"}), Apply::kCreate));
  world.wait_for("deaf", [](const FunctionState& s) {
    return s.reason.find("was not ready after 100ms: thinking") != std::string::npos;
  });
}

TEST(EmbeddedCluster, KillsAnInstanceThatIgnoresTheEnd) {
  ClusterWorld world;
  const std::string stubborn =
      "#!/bin/bash\ntrap '' TERM\n" FAISCA_WATCHDOG " \"$@\" &\nwhile :; do sleep 1000; done\n";
  world.settings.watchdog = world.script("stubborn", stubborn);
  world.settings.drain_timeout = std::chrono::milliseconds(100);
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("stubborn", {"/bin/cat"}), Apply::kCreate));
  world.wait_ready("stubborn", 1);
  ASSERT_TRUE(cluster.remove({"stubborn"}));
  EXPECT_TRUE(ClusterWorld::eventually([&] { return world.marked_processes().empty(); }));
}

TEST(EmbeddedCluster, LeavesNoProcessBehind) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  // The handler leaves a process that has left group and session.
  ASSERT_TRUE(cluster.apply(
      inline_function("litter", "bash", "setsid sleep 1000 >/dev/null 2>&1 &\necho done\n"), Apply::kCreate));
  EXPECT_EQ(world.invoke("litter", ""), "done\n");
  world.close();
  for (const pid_t pid : world.marked_processes())
    ADD_FAILURE() << read_file("/proc/" + std::to_string(pid) + "/status").value_or("(gone)");
}

// A file size limit makes every write fail as a full disk does, at any size we choose.
TEST(EmbeddedCluster, KeepsServingWhenTheDiskIsFull) {
  ClusterWorld world;
  Cluster& cluster = world.open();
  ASSERT_TRUE(cluster.apply(function("echo", {"/bin/cat"}), Apply::kCreate));
  world.wait_ready("echo", 1);
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit none{16, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &none);
  api::Function changed = function("echo", {"/bin/cat", "-n"});
  const Status status = cluster.apply(changed, Apply::kUpdate);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().text(), HasSubstr("storing function echo"));
  EXPECT_EQ(cluster.snapshot()->find("echo")->generation, 1u);
  EXPECT_EQ(world.invoke("echo", "whole"), "whole");
  world.close();
  world.open();
  EXPECT_EQ(world.invoke("echo", "whole"), "whole");
}

}  // namespace
}  // namespace faisca::cluster
