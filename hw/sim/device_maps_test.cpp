#include "hw/sim/device_maps.h"

#include <gtest/gtest.h>

namespace faisca::sim {
namespace {

using bpf::MapType;

struct World {
  World() {
    auto made = device::PacketDevice::create();
    EXPECT_TRUE(made);
    device = *std::move(made);
    maps = std::make_unique<DeviceMaps>(*device);
    EXPECT_TRUE(maps->start());
  }
  std::string refusal(const bpf::MapDescriptor& map) {
    const auto defined = maps->define(map);
    return defined ? "taken" : defined.error().text();
  }
  std::unique_ptr<device::PacketDevice> device;
  std::unique_ptr<DeviceMaps> maps;
};

bpf::MapDescriptor map_of(MapType type, std::uint32_t key, std::uint32_t value, std::uint32_t entries) {
  return {.name = "m", .type = type, .key_size = key, .value_size = value, .max_entries = entries};
}

TEST(DeviceMaps, ReadBackWhatWasFilledIn) {
  for (const MapType type : {MapType::kHash, MapType::kLruHash, MapType::kArray, MapType::kDevmap}) {
    World world;
    ASSERT_TRUE(world.maps->define(map_of(type, 4, 4, 8)));
    const std::vector<MapEntry> entries{{{1, 0, 0, 0}, {{2, 0, 0, 0}}}, {{5, 0, 0, 0}, {{3, 0, 0, 0}}}};
    ASSERT_TRUE(world.maps->fill("m", entries));
    const auto all = world.maps->read_all();
    ASSERT_TRUE(all);
    std::vector<MapEntry> read = all->front().entries;
    std::erase_if(read, [](const MapEntry& entry) { return entry.values.front()[0] == 0; });  // of the array
    EXPECT_EQ(read, entries) << bpf::map_type_name(type);
  }
}

TEST(DeviceMaps, RefuseWhatTheUnitDoesNotHave) {
  World world;
  const auto refused = [&](const bpf::MapDescriptor& map, const char* why) {
    const std::string text = world.refusal(map);
    EXPECT_NE(text.find(why), std::string::npos) << text;
  };
  refused(map_of(MapType::kPercpuHash, 4, 8, 8), "map m: the device has no maps of type percpu_hash");
  refused(map_of(MapType::kHash, 33, 8, 8), "its keys have 33 bytes; hint: the device takes up to 32");
  refused(map_of(MapType::kArray, 4, 65, 8), "its values have 65 bytes");
  refused(map_of(MapType::kHash, 4, 8, 10'000), "needs 10000 entries; the device has 8192 left");
  refused(map_of(MapType::kArray, 4, 64, 10'000), "bytes of data");
  EXPECT_EQ(world.refusal(map_of(MapType::kHash, 4, 8, 8)), "taken");
  EXPECT_EQ(world.refusal(map_of(MapType::kHash, 4, 8, 8)), "taken") << "the same map again";
  refused(map_of(MapType::kHash, 8, 8, 8), "is not what the running program calls m");
}

TEST(DeviceMaps, RefuseEntriesThatDoNotFit) {
  World world;
  ASSERT_TRUE(world.maps->define(map_of(MapType::kDevmap, 4, 4, 4)));
  EXPECT_NE(world.maps->fill("m", {{{4, 0, 0, 0}, {{1, 0, 0, 0}}}}).error().message.find("it has 4 entries"),
            std::string::npos);
  EXPECT_NE(world.maps->fill("m", {{{0, 0, 0, 0}, {{5, 0, 0, 0}}}}).error().message.find("no interface 5"),
            std::string::npos);
  EXPECT_EQ(world.maps->fill("other", {}).error().code, Code::kNotFound);
}

}  // namespace
}  // namespace faisca::sim
