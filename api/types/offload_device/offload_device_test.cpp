#include "api/types/offload_device/offload_device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faisca::api {
namespace {

OffloadDevice device() {
  OffloadDevice d;
  d.metadata.name = "node1-0";
  d.spec = {"node1", 1, "unix:/run/faisca/agent.sock", DeviceMedium::kPcie};
  d.status.conditions = {{"Ready", ConditionStatus::kTrue, "AgentAnswers", "", 1, "2026-01-02T03:04:05Z"}};
  d.status.observed_generation = 1;
  d.status.last_heartbeat = "2026-01-02T03:04:05Z";
  d.status.instance = "a1";
  d.status.engines = 4;
  d.status.slots = 16;
  d.status.ports = {0, 1};
  d.status.clock_hz = 200'000'000;
  d.status.memory_bytes = 2048;
  d.status.max_instructions = 4096;
  d.status.programs = {{"shop/count", "abc", "xdp", {0}}};
  return d;
}

TEST(OffloadDevice, ReadsBackWhatItPrints) {
  const auto read = parse_offload_device(print_offload_device_json(device()));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, device());
}

TEST(OffloadDevice, AppliesItsSpecWithoutTheStatus) {
  const std::string text = print_offload_device_spec_json(device());
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("status")));
  EXPECT_EQ(parse_offload_device(text)->spec, device().spec);
}

TEST(OffloadDevice, IsReadAsTheApiServerPrintsIt) {
  const auto read = parse_offload_device(
      R"({"apiVersion":"faisca.dev/v1alpha1","kind":"OffloadDevice","metadata":{"name":"n-0","uid":"u","managedFields":[]},
          "spec":{"node":"n"},"status":{"engines":2,"newer":true}})",
      UnknownFields::kIgnore);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->status.engines, 2);
}

}  // namespace
}  // namespace faisca::api
