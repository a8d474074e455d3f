#include "deviceplugin/device/device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deviceplugin/testing/fake_agent.h"
#include "deviceplugin/testing/wanted.h"

namespace faisca::deviceplugin {
namespace {

const DeviceIdentity kIdentity{
    .node = "node1", .index = 0, .address = "unix:/run/faisca/agent.sock", .slots_per_engine = 8};

DeviceSituation well() {
  return {.agent = FakeAgent().now, .heartbeat = "2026-01-01T00:00:00Z", .now = "2026-01-01T00:00:00Z"};
}
DeviceSituation away(Away kind) {
  return {.agent = {},
          .away = kind,
          .why = "it does not answer",
          .heartbeat = "2026-01-01T00:00:00Z",
          .now = "2026-01-01T00:00:20Z"};
}

TEST(Device, TellsWhatTheAgentHas) {
  const api::OffloadDevice device = device_of(kIdentity, well(), {}, {}, {});
  EXPECT_EQ(device.metadata.name, "node1-0");
  EXPECT_EQ(device.spec.node, "node1");
  EXPECT_EQ(device.spec.medium, api::DeviceMedium::kVerilated);
  EXPECT_EQ(device.status.engines, 2);
  EXPECT_EQ(device.status.slots, 16);
  EXPECT_EQ(device.status.clock_hz, 200'000'000);
  EXPECT_EQ(device.status.max_instructions, 4096);
  EXPECT_EQ(device.status.data_bytes, 262'144);
  EXPECT_EQ(device.status.memory_bytes, 65'536);
  EXPECT_EQ(device.status.instance, "start-1");
  const api::Condition* ready = api::find_condition(device.status.conditions, "Ready");
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->status, api::ConditionStatus::kTrue);
}

TEST(Device, KeepsItsFiguresButNotItsProgramsWhileTheAgentIsAway) {
  api::OffloadDeviceStatus before = device_of(kIdentity, well(), {}, {}, {}).status;
  before.programs = {{.function = "a/b", .program_id = "id", .convention = "mem"}};
  for (const auto& [kind, reason] : {std::pair{Away::kSilent, "AgentAway"}, {Away::kStopping, "Stopped"}}) {
    const api::OffloadDeviceStatus status = device_of(kIdentity, away(kind), {}, {}, before).status;
    EXPECT_EQ(status.slots, 16);
    EXPECT_TRUE(status.programs.empty());
    EXPECT_EQ(status.last_heartbeat, "2026-01-01T00:00:00Z");
    const api::Condition* ready = api::find_condition(status.conditions, "Ready");
    EXPECT_EQ(ready->status, api::ConditionStatus::kFalse);
    EXPECT_EQ(ready->reason, reason);
    EXPECT_EQ(ready->message, "it does not answer");
  }
}

TEST(Device, ListsTheProgramsThatTheAgentHasNow) {
  const Wanted wanted = want({program("shop", "count"), program("shop", "lost")});
  DeviceSituation situation = well();
  situation.agent->programs = {"id-count"};
  const std::string instance = situation.agent->instance;
  const Held held = {{{"shop", "count"}, {.generation = 1, .instance = instance, .id = "id-count"}},
                     {{"shop", "lost"}, {.generation = 1, .instance = instance, .id = "id-lost"}}};
  const auto programs = device_of(kIdentity, situation, wanted, held, {}).status.programs;
  ASSERT_EQ(programs.size(), 1u);
  EXPECT_EQ(programs[0].function, "shop/count");
  EXPECT_EQ(programs[0].program_id, "id-count");
  EXPECT_EQ(programs[0].convention, "mem");
}

TEST(Device, OnlyTheHeartbeatIsNoSubstance) {
  const api::OffloadDeviceStatus before = device_of(kIdentity, well(), {}, {}, {}).status;
  DeviceSituation later = well();
  later.heartbeat = later.now = "2026-01-01T00:00:10Z";
  EXPECT_FALSE(differs_in_substance(device_of(kIdentity, later, {}, {}, before).status, before));
  EXPECT_NE(device_of(kIdentity, later, {}, {}, before).status, before);
  later.agent->engines = 4;
  EXPECT_TRUE(differs_in_substance(device_of(kIdentity, later, {}, {}, before).status, before));
}

}  // namespace
}  // namespace faisca::deviceplugin
