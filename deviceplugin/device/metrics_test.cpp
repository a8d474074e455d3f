#include "deviceplugin/device/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faisca::deviceplugin {
namespace {

using testing::HasSubstr;
using testing::Not;

const DeviceIdentity kIdentity{.node = "node1", .index = 0, .address = "", .slots_per_engine = 8};

Observed observed() {
  Observed out;
  out.agent = AgentState{
      .device = "verilated/0",
      .engines = 2,
      .clock_hz = 200'000'000,
      .programs = {"a", "b", "c"},
      .counters = {{"a", "hello", 3, 1, 30, 60}, {"b", "hello", 4, 0, 40, 80}, {"c", "sum", 5, 0, 50, 90}},
      .queued = 7,
      .loads = 9};
  return out;
}

TEST(DeviceMetrics, TellWhatTheAgentTold) {
  const std::string text = metrics_text(kIdentity, observed());
  EXPECT_THAT(text, HasSubstr("faisca_device_up{device=\"node1-0\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("faisca_device_engines{device=\"node1-0\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("faisca_device_slots{device=\"node1-0\"} 16\n"));
  EXPECT_THAT(text, HasSubstr("faisca_device_clock_hertz{device=\"node1-0\"} 200000000\n"));
  EXPECT_THAT(text, HasSubstr("faisca_device_queued{device=\"node1-0\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("faisca_device_programs{device=\"node1-0\"} 3\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "# TYPE faisca_device_loads_total counter\nfaisca_device_loads_total{device=\"node1-0\"} 9\n"));
}

TEST(DeviceMetrics, AddUpTheProgramsOfAFunction) {
  const std::string text = metrics_text(kIdentity, observed());
  EXPECT_THAT(text, HasSubstr("faisca_device_invocations_total{device=\"node1-0\",function=\"hello\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("faisca_device_invocations_total{device=\"node1-0\",function=\"sum\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("faisca_device_failures_total{device=\"node1-0\",function=\"hello\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("faisca_device_instructions_total{device=\"node1-0\",function=\"hello\"} 70\n"));
  EXPECT_THAT(text, HasSubstr("faisca_device_cycles_total{device=\"node1-0\",function=\"hello\"} 140\n"));
}

TEST(DeviceMetrics, SayOnlyThatASilentAgentIsSilent) {
  Observed silent;
  silent.why = "the agent does not answer";
  const std::string text = metrics_text(kIdentity, silent);
  EXPECT_THAT(text, HasSubstr("faisca_device_up{device=\"node1-0\"} 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("faisca_device_engines")));
}

}  // namespace
}  // namespace faisca::deviceplugin
