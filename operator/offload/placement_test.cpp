#include "operator/offload/placement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace faisca::offload {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

DeviceState device(const std::string& name, int slots = 8, std::vector<int> ports = {0, 1}) {
  return {.name = name, .node = "node-of-" + name, .slots = slots, .ports = std::move(ports)};
}
DeviceState gone(DeviceState device) {
  device.liveness = Liveness::kGone;
  device.why = "nothing was heard of it for more than 30s";
  return device;
}
DeviceState doubtful(DeviceState device) {
  device.liveness = Liveness::kDoubtful;
  device.why = "the agent does not answer";
  return device;
}

Demand mem(int slots = 1) { return {.convention = api::Convention::kMem, .slots = slots}; }
Demand xdp(std::vector<int> ports) {
  return {.convention = api::Convention::kXdp, .ports = std::move(ports)};
}
Demand on(const std::string& device, Demand demand) {
  demand.current = device;
  demand.current_ports = demand.ports;
  return demand;
}

struct Case {
  std::string claim;
  std::map<std::string, Demand> demands;
  std::vector<DeviceState> devices;
  std::map<std::string, std::string> want;  // function → device; empty: none
};

TEST(Place, FollowsItsRules) {
  const std::vector<Case> cases = {
      {"a function goes to the only device", {{"d/a", mem()}}, {device("n1-0")}, {{"d/a", "n1-0"}}},
      {"no device: none", {{"d/a", mem()}}, {}, {{"d/a", ""}}},
      {"mem functions spread",
       {{"d/a", mem()}, {"d/b", mem()}, {"d/c", mem()}, {"d/d", mem()}},
       {device("n1-0"), device("n2-0")},
       {{"d/a", "n1-0"}, {"d/b", "n2-0"}, {"d/c", "n1-0"}, {"d/d", "n2-0"}}},
      {"spreading goes by the share of slots, not by their number",
       {{"d/a", on("n1-0", mem(2))}, {"d/b", mem()}},
       {device("n1-0", 16), device("n2-0", 4)},
       {{"d/a", "n1-0"}, {"d/b", "n2-0"}}},
      {"a function stays though another device is emptier",
       {{"d/a", on("n1-0", mem())}, {"d/b", on("n1-0", mem())}},
       {device("n1-0"), device("n2-0")},
       {{"d/a", "n1-0"}, {"d/b", "n1-0"}}},
      {"it moves when its device is gone",
       {{"d/a", on("n1-0", mem())}},
       {gone(device("n1-0")), device("n2-0")},
       {{"d/a", "n2-0"}}},
      {"it moves when its device is deleted",
       {{"d/a", on("n1-0", mem())}},
       {device("n2-0")},
       {{"d/a", "n2-0"}}},
      {"it does not go back when its old device is well again",
       {{"d/a", on("n2-0", mem())}},
       {device("n1-0"), device("n2-0")},
       {{"d/a", "n2-0"}}},
      {"a device in doubt keeps what it has",
       {{"d/a", on("n1-0", mem())}},
       {doubtful(device("n1-0")), device("n2-0")},
       {{"d/a", "n1-0"}}},
      {"a device in doubt gets nothing new",
       {{"d/a", mem()}},
       {doubtful(device("n1-0")), device("n2-0")},
       {{"d/a", "n2-0"}}},
      {"one whose device is gone keeps its name when nothing else fits",
       {{"d/a", on("n1-0", mem())}},
       {gone(device("n1-0")), device("n2-0", 0)},
       {{"d/a", "n1-0"}}},
      {"one whose device was deleted has none when nothing fits",
       {{"d/a", on("n1-0", mem())}},
       {device("n2-0", 0)},
       {{"d/a", ""}}},
      {"a function that has grown goes where it fits",
       {{"d/a", on("n1-0", mem(4))}, {"d/b", on("n1-0", mem(6))}},
       {device("n1-0"), device("n2-0")},
       {{"d/a", "n1-0"}, {"d/b", "n2-0"}}},
      {"one that has grown beyond every device stays",
       {{"d/a", on("n1-0", mem(40))}},
       {device("n1-0"), device("n2-0")},
       {{"d/a", "n1-0"}}},
      {"two programs do not share a port",
       {{"d/a", xdp({0})}, {"d/b", xdp({0})}},
       {device("n1-0"), device("n2-0")},
       {{"d/a", "n1-0"}, {"d/b", "n2-0"}}},
      {"no ports means all of them",
       {{"d/a", xdp({})}, {"d/b", xdp({1})}},
       {device("n1-0"), device("n2-0")},
       {{"d/a", "n1-0"}, {"d/b", "n2-0"}}},
      {"who has a port keeps it against a newcomer whose name sorts first",
       {{"d/a", xdp({0})}, {"d/z", on("n1-0", xdp({0}))}},
       {device("n1-0")},
       {{"d/a", ""}, {"d/z", "n1-0"}}},
      {"who has a port keeps it against one that has changed its mind",
       {{"d/a", {.convention = api::Convention::kXdp, .ports = {0}, .current = "n1-0", .current_ports = {1}}},
        {"d/z", on("n1-0", xdp({0}))}},
       {device("n1-0")},
       {{"d/a", "n1-0"}, {"d/z", "n1-0"}}},
      {"xdp goes to a device that has the port",
       {{"d/a", xdp({3})}},
       {device("n1-0"), device("n2-0", 8, {0, 1, 2, 3})},
       {{"d/a", "n2-0"}}},
      {"xdp goes to no device without ports", {{"d/a", xdp({})}}, {device("n1-0", 8, {})}, {{"d/a", ""}}},
      {"mem does not mind ports",
       {{"d/a", mem()}, {"d/b", on("n1-0", xdp({}))}},
       {device("n1-0")},
       {{"d/a", "n1-0"}, {"d/b", "n1-0"}}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.claim);
    std::map<std::string, std::string> got;
    for (const auto& [function, placement] : place(c.demands, c.devices)) got[function] = placement.device;
    EXPECT_EQ(got, c.want);
    // The order in which devices are told must not matter.
    auto reversed = c.devices;
    std::reverse(reversed.begin(), reversed.end());
    EXPECT_EQ(place(c.demands, reversed), place(c.demands, c.devices));
  }
}

TEST(Place, LeavesEverythingWhereItIsWhenAskedAgain) {
  std::map<std::string, Demand> demands;
  for (int i = 0; i < 12; ++i) demands["d/m" + std::to_string(i)] = mem(i % 3 + 1);
  for (int i = 0; i < 4; ++i) demands["d/x" + std::to_string(i)] = xdp({i % 2});
  const std::vector<DeviceState> devices = {device("n1-0", 16), device("n2-0", 16), device("n3-0", 4, {})};
  const auto first = place(demands, devices);
  for (auto& [function, demand] : demands) demand = on(first.at(function).device, demand);
  const auto second = place(demands, devices);
  for (const auto& [function, placement] : second) {
    EXPECT_EQ(placement.device, first.at(function).device) << function;
    EXPECT_EQ(placement.moved_from, "") << function;
  }
}

TEST(Place, SaysForEveryDeviceWhyItDoesNotFit) {
  DeviceState small = device("n3-0");
  small.instructions = 100;
  Demand demand = xdp({0, 5});
  demand.instructions = 200;
  const auto placed =
      place({{"d/a", demand}, {"d/z", on("n4-0", xdp({0}))}},
            {gone(device("n1-0")), device("n2-0"), small, device("n4-0", 1, {0, 5}), device("n5-0", 1, {})});
  const Placement& placement = placed.at("d/a");
  EXPECT_FALSE(placement.fits);
  EXPECT_EQ(placement.message(),
            "no device fits: n1-0: nothing was heard of it for more than 30s; n2-0: it has no port 5; its "
            "ports are "
            "0, 1; n3-0: its programs have at most 100 instructions, this one has 200; n4-0: port 0 is taken "
            "by d/z; "
            "n5-0: it has no ports");
}

TEST(Place, SaysHowManySlotsAreFree) {
  const auto placed = place({{"d/a", on("n1-0", mem(6))}, {"d/b", mem(3)}}, {device("n1-0")});
  EXPECT_EQ(placed.at("d/b").message(), "no device fits: n1-0: 2 of its 8 slots are free, 3 are needed");
  EXPECT_EQ(place({{"d/a", mem()}}, {}).at("d/a").message(), "no device fits: there is none");
}

TEST(Place, CountsRoomForDataToo) {
  DeviceState one = device("n1-0");
  one.data_bytes = 1000;
  Demand demand = mem();
  demand.data_bytes = 1001;
  EXPECT_THAT(place({{"d/a", demand}}, {one}).at("d/a").message(),
              HasSubstr("it has 1000 bytes for globals and maps, this one needs 1001"));
}

TEST(Place, TellsWhereAFunctionCameFrom) {
  const auto placed = place({{"d/a", on("n1-0", mem())}}, {gone(device("n1-0")), device("n2-0")});
  EXPECT_EQ(placed.at("d/a").moved_from, "n1-0");
  EXPECT_EQ(placed.at("d/a").node, "node-of-n2-0");
  EXPECT_TRUE(placed.at("d/a").fits);
  EXPECT_THAT(placed.at("d/a").refusals, IsEmpty());
}

TEST(Place, CutsALongMessage) {
  std::vector<DeviceState> devices;
  for (int i = 0; i < 100; ++i) devices.push_back(device("node" + std::to_string(i) + "-0", 0));
  const Placement placement = place({{"d/a", mem()}}, devices).at("d/a");
  EXPECT_EQ(placement.refusals.size(), 100u);
  EXPECT_THAT(placement.message(), HasSubstr("; and 84 more"));
  EXPECT_LT(placement.message().size(), 1500u);
}

}  // namespace
}  // namespace faisca::offload
