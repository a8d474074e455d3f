#include "hw/sim/traffic.h"

#include <gtest/gtest.h>

#include <set>

namespace faisca::sim {
namespace {

TEST(Traffic, MakesPacketsOfTheAskedSizeWithARightChecksum) {
  for (const std::uint32_t bytes : {42u, 60u, 1514u}) {
    const Packet packet = make_packet({.ports = 4, .flows = 10, .bytes = bytes}, 3, 12345);
    ASSERT_EQ(packet.bytes.size(), bytes);
    std::uint32_t sum = 0;
    for (int at = 14; at < 34; at += 2) sum += packet.bytes[at] << 8 | packet.bytes[at + 1];
    EXPECT_EQ((sum & 0xffff) + (sum >> 16), 0xffffu);
    EXPECT_EQ(packet.bytes[16] << 8 | packet.bytes[17], static_cast<int>(bytes - 14));
    EXPECT_EQ(packet.bytes[38] << 8 | packet.bytes[39], static_cast<int>(bytes - 34));
  }
}

TEST(Traffic, SendsEachFlowToTheNextPort) {
  const TrafficSettings settings{.ports = 4, .flows = 300, .bytes = 60};
  const Packet there = make_packet(settings, 3, 299), other = make_packet(settings, 0, 299);
  const auto mac = [](const Packet& packet, int at) {
    return std::vector(packet.bytes.begin() + at, packet.bytes.begin() + at + 6);
  };
  EXPECT_EQ(mac(there, 0), mac(other, 6));
}

TEST(Traffic, HasAsManyFlowsAsAsked) {
  const TrafficSettings settings{.ports = 2, .flows = 1000, .bytes = 60};
  std::set<std::vector<std::uint8_t>> sources;
  for (std::uint64_t index = 0; index < 2500; ++index) {
    const Packet packet = make_packet(settings, 1, index);
    sources.emplace(packet.bytes.begin() + 26, packet.bytes.begin() + 30);
  }
  EXPECT_EQ(sources.size(), 1000u);
}

TEST(Traffic, NamesTheSettingThatIsOutOfRange) {
  EXPECT_TRUE(check_traffic({}));
  EXPECT_NE(check_traffic({.ports = 0}).error().message.find("number of ports"), std::string::npos);
  EXPECT_NE(check_traffic({.flows = 65'537}).error().message.find("65537"), std::string::npos);
  EXPECT_NE(check_traffic({.bytes = 41}).error().message.find("42 to 1514, not 41"), std::string::npos);
}

}  // namespace
}  // namespace faisca::sim
