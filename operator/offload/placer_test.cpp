// The placer on an API server in memory, with time moved by hand.
#include "operator/offload/placer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <nlohmann/json.hpp>
#include <set>

#include "lib/base/files.h"
#include "lib/kube/testing/fake_client.h"
#include "lib/kube/time_text.h"

namespace faisca::offload {
namespace {

using namespace std::chrono_literals;
using kube::Json;
using testing::HasSubstr;

class PlacerTest : public testing::Test {
 protected:
  PlacerTest() : placer_(client_, clock_, {.grace = 30s, .look = 1h}) {
    placer_.on_change([this](const kube::ObjectKey& key) {
      std::lock_guard lock(mutex_);
      changed_.insert(key.text());
      told_.notify_all();
    });
  }
  void start() {
    placer_.start();
    ASSERT_TRUE(placer_.wait_synced(20s));
  }

  // Announces the device, or says again that it is well.
  void heartbeat(const std::string& node, int slots = 8, std::vector<int> ports = {0, 1}) {
    const std::string name = node + "-0";
    const Json device = {{"metadata", {{"name", name}}}, {"spec", {{"node", node}, {"index", 0}}}};
    ASSERT_TRUE(client_.send(kube::apply(kube::kOffloadDevices, device, "test")));
    Json status = {{"metadata", {{"name", name}}}};
    status["status"] = {{"lastHeartbeat", kube::time_text(clock_.wall())},
                        {"slots", slots},
                        {"ports", ports},
                        {"conditions", {{{"type", "Ready"}, {"status", "True"}, {"reason", "AgentReady"}}}}};
    ASSERT_TRUE(client_.send(kube::apply(kube::kOffloadDevices, status, "test", "status")));
  }
  void program(const std::string& name, const std::string& device, const std::vector<int>& ports) {
    Json object = {{"metadata", {{"name", name}, {"namespace", "shop"}}}};
    object["spec"] = {{"functionRef", {{"name", name}}},
                      {"convention", "xdp"},
                      {"device", device},
                      {"ports", ports},
                      {"object", {{"inline", "AAAA"}}}};
    ASSERT_TRUE(client_.send(kube::apply(kube::kOffloadPrograms, object, "test")));
  }
  static api::Function function(const std::string& name, api::Convention convention = api::Convention::kMem,
                                std::vector<int> ports = {}) {
    api::Function function;
    function.metadata.name = name;
    function.metadata.name_space = "shop";
    function.spec.offload.emplace();
    function.spec.offload->convention = convention;
    function.spec.offload->ports = std::move(ports);
    const char* object = convention == api::Convention::kMem ? "mem" : "xdp";
    function.spec.offload->object =
        read_file(std::string(FAISCA_TESTDATA) + "/" + object + ".o").value_or("");
    return function;
  }
  Placement place(const api::Function& function, int instances = 1) {
    auto placement = placer_.place(function, instances);
    EXPECT_TRUE(placement) << placement.error().text();
    return placement ? *placement : Placement{};
  }
  // Until the announcement has arrived here: a newcomer goes to the emptier device.
  bool wait_for_device(const std::string& device) {
    for (const auto until = std::chrono::steady_clock::now() + 20s;
         std::chrono::steady_clock::now() < until;) {
      const Placement placement = place(function("newcomer"));
      placer_.drop({"shop", "newcomer"});
      if (placement.device == device) return true;
      std::this_thread::yield();
    }
    return false;
  }
  bool wait_told(const std::string& key) {
    std::unique_lock lock(mutex_);
    const bool told = told_.wait_for(lock, 20s, [&] { return changed_.contains(key); });
    changed_.erase(key);
    return told;
  }

  kube::testing::FakeClient client_;
  FakeClock clock_;
  std::mutex mutex_;
  std::condition_variable told_;
  std::set<std::string> changed_;  // guarded by mutex_
  Placer placer_;
};

TEST_F(PlacerTest, PlacesOnADeviceThatIsThere) {
  heartbeat("node1");
  start();
  const Placement placement = place(function("four"));
  EXPECT_EQ(placement.device, "node1-0");
  EXPECT_EQ(placement.node, "node1");
  EXPECT_TRUE(placement.fits);
}

TEST_F(PlacerTest, TellsAWaitingFunctionWhenADeviceComes) {
  start();
  EXPECT_THAT(place(function("four")).message(), HasSubstr("there is none"));
  heartbeat("node1");
  // Told at the announcement, and again when the device has said what it has.
  std::string device;
  while (device.empty() && wait_told("shop/four")) device = place(function("four")).device;
  EXPECT_EQ(device, "node1-0");
}

TEST_F(PlacerTest, MovesWhenADeviceFallsSilentAndSaysFromWhereOnce) {
  heartbeat("node1");
  start();
  ASSERT_EQ(place(function("four")).device, "node1-0");
  clock_.advance(25s);
  heartbeat("node2");
  ASSERT_TRUE(wait_for_device("node2-0"));
  std::this_thread::yield();  // until node2 has arrived here
  clock_.advance(6s);
  placer_.look();
  ASSERT_TRUE(wait_told("shop/four"));
  const Placement moved = place(function("four"));
  EXPECT_EQ(moved.device, "node2-0");
  EXPECT_EQ(moved.moved_from, "node1-0");
  EXPECT_EQ(place(function("four")).moved_from, "");
}

TEST_F(PlacerTest, MarksADeviceThatHasFallenSilentOnce) {
  heartbeat("node1");
  start();
  place(function("four"));
  EXPECT_TRUE(placer_.silent().empty());
  clock_.advance(31s);
  placer_.look();
  ASSERT_EQ(placer_.silent().size(), 1u);
  Marker(client_, clock_).mark(placer_.silent());
  const Json device = client_.send(kube::get(kube::kOffloadDevices, {"", "node1-0"})).value_or(Json());
  EXPECT_EQ(device["status"]["conditions"][0]["status"], "Unknown");
  EXPECT_THAT(device["status"]["conditions"][0]["message"].get<std::string>(),
              HasSubstr("nothing was heard of it"));
  // Its copy here follows.
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (!placer_.silent().empty() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  EXPECT_TRUE(placer_.silent().empty());
}

TEST_F(PlacerTest, StaysThroughHeartbeatsAndTellsNobody) {
  heartbeat("node1");
  start();
  place(function("four"));
  for (int i = 0; i < 5; ++i) {
    clock_.advance(5s);
    heartbeat("node1");
    placer_.look();
  }
  std::lock_guard lock(mutex_);
  EXPECT_FALSE(changed_.contains("shop/four"));
}

TEST_F(PlacerTest, TakesWhereProgramsAreFromTheApiServerAfterARestart) {
  heartbeat("node1");
  heartbeat("node2");
  program("count", "node2-0", {0});
  start();
  EXPECT_EQ(place(function("count", api::Convention::kXdp, {0})).device, "node2-0");
}

TEST_F(PlacerTest, KeepsThePortsOfAFunctionThatItHasNotSeenYet) {
  heartbeat("node1");
  program("old", "node1-0", {0});
  start();
  const Placement placement = place(function("a-new-one", api::Convention::kXdp, {0}));
  EXPECT_FALSE(placement.fits);
  EXPECT_THAT(placement.message(), HasSubstr("port 0 is taken by shop/old"));
}

TEST_F(PlacerTest, GivesTheRoomOfADroppedFunctionToOneThatWaits) {
  heartbeat("node1", 2);
  start();
  ASSERT_TRUE(place(function("a"), 2).fits);
  EXPECT_FALSE(place(function("b"), 1).fits);
  placer_.drop({"shop", "a"});
  ASSERT_TRUE(wait_told("shop/b"));
  EXPECT_EQ(place(function("b"), 1).device, "node1-0");
}

TEST_F(PlacerTest, RefusesAnObjectThatDoesNotVerify) {
  heartbeat("node1");
  start();
  api::Function bad = function("bad");
  bad.spec.offload->object = "no ELF";
  const auto placement = placer_.place(bad, 1);
  ASSERT_FALSE(placement);
  EXPECT_EQ(placement.error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace faisca::offload
