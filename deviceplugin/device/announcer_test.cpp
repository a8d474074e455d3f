// What the plugin writes to an API server in memory, with time moved by hand.
#include "deviceplugin/device/announcer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "deviceplugin/testing/fake_agent.h"
#include "deviceplugin/testing/wanted.h"
#include "lib/kube/object.h"
#include "lib/kube/testing/fake_client.h"

namespace faisca::deviceplugin {
namespace {

using namespace std::chrono_literals;
using kube::Json;

class AnnouncerTest : public testing::Test {
 protected:
  AnnouncerTest() {
    const Json node = {{"metadata", {{"name", "node1"}}}};
    EXPECT_TRUE(client_.send(kube::create(kube::kNodes, node)));
  }
  // The writes that one step leads to; `status` is what the programs' copies hold.
  std::size_t step(const std::vector<ProgramBuilder>& programs = {}) {
    client_.clear_requests();
    keeper_.step(want(programs));
    announcer_.step(*keeper_.observed());
    return client_.writes();
  }
  Json device() { return client_.send(kube::get(kube::kOffloadDevices, {"", "node1-0"})).value_or(Json()); }
  Json program_status(const std::string& space, const std::string& name) {
    return client_.send(kube::get(kube::kOffloadPrograms, {space, name})).value_or(Json())["status"];
  }
  void store(const ProgramBuilder& builder) {
    Json object = {{"metadata", {{"name", builder.name}, {"namespace", builder.space}}},
                   {"spec", {{"device", "node1-0"}}}};
    ASSERT_TRUE(client_.send(kube::create(kube::kOffloadPrograms, object)));
  }
  static std::string ready(const Json& object) {
    for (const Json& condition : kube::at(object, "/status/conditions"))
      if (condition["type"] == "Ready")
        return condition["status"].get<std::string>() + " " + condition["reason"].get<std::string>();
    return "none";
  }

  kube::testing::FakeClient client_;
  FakeClock clock_;
  FakeAgent agent_;
  Keeper keeper_{agent_, clock_};
  Announcer announcer_{
      client_,
      clock_,
      {.identity = {
           .node = "node1", .index = 0, .address = "unix:/run/faisca/agent.sock", .slots_per_engine = 8}}};
};

TEST_F(AnnouncerTest, AnnouncesTheDeviceAsTheNodesOwn) {
  EXPECT_EQ(step(), 2u) << "the object, and its status";
  EXPECT_EQ(kube::text_at(device(), "/spec/node"), "node1");
  EXPECT_EQ(kube::text_at(device(), "/metadata/ownerReferences/0/kind"), "Node");
  EXPECT_EQ(kube::at(device(), "/status/slots"), 16);
  EXPECT_EQ(ready(device()), "True AgentReady");
}

TEST_F(AnnouncerTest, WritesAHeartbeatEveryTenSecondsAndNothingElse) {
  step();
  std::size_t writes = 0;
  for (int second = 0; second < 60; ++second) {
    clock_.advance(1s);
    writes += step();
  }
  EXPECT_EQ(writes, 6u);
  EXPECT_EQ(kube::text_at(device(), "/status/lastHeartbeat"), "1970-01-01T01:01:00Z");
}

TEST_F(AnnouncerTest, SaysAtOnceThatTheAgentIsAwayAndBack) {
  step();
  clock_.advance(1s);
  agent_.go_away();
  EXPECT_EQ(step(), 1u);
  EXPECT_EQ(ready(device()), "False AgentAway");
  EXPECT_EQ(kube::at(device(), "/status/slots"), 16) << "what it has is known still";
  clock_.advance(60s);
  EXPECT_EQ(step(), 0u) << "no heartbeat while the agent is away";
  agent_.come_back();
  EXPECT_EQ(step(), 1u);
  EXPECT_EQ(ready(device()), "True AgentReady");
}

TEST_F(AnnouncerTest, AnnouncesNothingBeforeTheAgentWasSeen) {
  agent_.go_away();
  EXPECT_EQ(step(), 0u);
  agent_.come_back();
  EXPECT_EQ(step(), 2u);
}

TEST_F(AnnouncerTest, KnowsTheDevicesFiguresFromBeforeItsOwnRestart) {
  step();
  agent_.go_away();
  keeper_.step({});
  Announcer restarted{client_, clock_, {.identity = {.node = "node1", .slots_per_engine = 8}}};
  restarted.step(*keeper_.observed());
  EXPECT_EQ(ready(device()), "False AgentAway");
  EXPECT_EQ(kube::at(device(), "/status/slots"), 16);
}

TEST_F(AnnouncerTest, AnnouncesTheDeviceAgainWhenSomebodyHasDeletedIt) {
  step();
  ASSERT_TRUE(client_.send(kube::remove(kube::kOffloadDevices, {"", "node1-0"})));
  clock_.advance(10s);
  step();
  EXPECT_EQ(ready(device()), "True AgentReady");
}

TEST_F(AnnouncerTest, SaysThatItStops) {
  step();
  announcer_.say_stopped(*keeper_.observed());
  EXPECT_EQ(ready(device()), "False Stopped");
}

TEST_F(AnnouncerTest, WritesAProgramsStatusOnceAndCountersAtMostEveryTenSeconds) {
  store(program("shop", "count"));
  step({program("shop", "count")});
  EXPECT_EQ(program_status("shop", "count")["loaded"], true);
  EXPECT_EQ(program_status("shop", "count")["programId"], "shop/count#v1");
  std::size_t writes = 0;
  for (int second = 0; second < 30; ++second) {
    clock_.advance(1s);
    agent_.run("shop/count#v1", 5);
    writes += step({program("shop", "count")});
  }
  EXPECT_EQ(writes, 6u) << "three heartbeats, three sets of counters";
  EXPECT_EQ(program_status("shop", "count")["counters"]["packets"], 150);
}

TEST_F(AnnouncerTest, WritesNothingForProgramsThatStandStill) {
  store(program("shop", "count"));
  step({program("shop", "count")});
  const Json before = program_status("shop", "count");
  // The informer's copy has the status by now.
  ProgramBuilder known = program("shop", "count");
  known.program.status =
      api::parse_offload_program(client_.send(kube::get(kube::kOffloadPrograms, {"shop", "count"}))->dump(),
                                 api::UnknownFields::kIgnore)
          .value_or(api::OffloadProgram{})
          .status;
  std::size_t writes = 0;
  for (int second = 0; second < 30; ++second) {
    clock_.advance(1s);
    writes += step({known});
  }
  EXPECT_EQ(writes, 3u) << "heartbeats";
  EXPECT_EQ(program_status("shop", "count"), before);
}

TEST_F(AnnouncerTest, OneProgramThatCannotBeWrittenDoesNotKeepOthersBack) {
  store(program("shop", "good"));
  client_.set_fault([](const kube::Request& request) -> std::optional<Error> {
    if (request.key.name == "bad") return Error{Code::kInvalidArgument, "no", "", {}};
    return std::nullopt;
  });
  step({program("shop", "bad"), program("shop", "good")});
  EXPECT_EQ(program_status("shop", "good")["loaded"], true);
}

TEST_F(AnnouncerTest, TriesAgainWhenTheApiServerIsBack) {
  client_.set_fault(
      [](const kube::Request&) { return Error{Code::kUnavailable, "connection refused", "", {}}; });
  step();
  client_.set_fault({});
  step();
  EXPECT_EQ(ready(device()), "True AgentReady");
}

}  // namespace
}  // namespace faisca::deviceplugin
