#include "lib/bpf/maps.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace faisca::bpf {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes key32(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8),
          static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 24)};
}

// One map of 8-byte values with its memory.
struct World {
  World(MapType type, std::uint32_t key_size, std::uint32_t entries) : regions({}, 8 * entries) {
    MapDescriptor descriptor{
        .id = 5, .name = "m", .type = type, .key_size = key_size, .value_size = 8, .max_entries = entries};
    descriptor.values_address = kDataBase;
    auto created = MapSet::create(std::vector{descriptor});
    EXPECT_TRUE(created) << created.error().text();
    set = *std::move(created);
    map = set.find(5);
  }
  std::int64_t put(const Bytes& key, std::uint8_t value, std::uint64_t flags = 0) {
    return map->update(regions, key, Bytes{value, 0, 0, 0, 0, 0, 0, 0}, flags);
  }
  int get(const Bytes& key) {
    auto address = map->lookup(key);
    std::uint8_t value[1];
    if (!address) return -1;
    EXPECT_EQ(regions.load(*address, value), FaultCause::kNone);
    return value[0];
  }

  Regions regions;
  MapSet set;
  Map* map;
};

TEST(ArrayMap, HasEverySlotAndNoOther) {
  World world(MapType::kArray, 4, 3);
  EXPECT_EQ(world.get(key32(2)), 0);
  EXPECT_EQ(world.get(key32(3)), -1);
  EXPECT_EQ(world.put(key32(1), 9), 0);
  EXPECT_EQ(world.get(key32(1)), 9);
  EXPECT_EQ(world.put(key32(3), 9), -E2BIG);
  EXPECT_EQ(world.put(key32(1), 9, 1), -EEXIST);
  EXPECT_EQ(world.put(key32(1), 9, 3), -EINVAL);
  EXPECT_EQ(world.map->remove(world.regions, key32(1)), -EINVAL);
  EXPECT_EQ(world.map->keys().size(), 3u);
}

TEST(HashMap, FollowsFlagsAndRefusesWhenFull) {
  World world(MapType::kHash, 4, 2);
  EXPECT_EQ(world.get(key32(7)), -1);
  EXPECT_EQ(world.put(key32(7), 1, 2), -ENOENT);
  EXPECT_EQ(world.put(key32(7), 1, 1), 0);
  EXPECT_EQ(world.put(key32(7), 2, 1), -EEXIST);
  EXPECT_EQ(world.put(key32(7), 3, 2), 0);
  EXPECT_EQ(world.get(key32(7)), 3);
  EXPECT_EQ(world.put(key32(8), 4), 0);
  EXPECT_EQ(world.put(key32(9), 5), -E2BIG);
  EXPECT_EQ(world.put(key32(7), 6), 0) << "a full map still takes known keys";
  EXPECT_EQ(world.map->remove(world.regions, key32(8)), 0);
  EXPECT_EQ(world.map->remove(world.regions, key32(8)), -ENOENT);
  EXPECT_EQ(world.put(key32(9), 5), 0);
  EXPECT_EQ(world.get(key32(9)), 5);
  EXPECT_EQ(world.get(key32(7)), 6);
}

TEST(LruHashMap, GivesUpTheLeastRecentlyUsedKey) {
  World world(MapType::kLruHash, 4, 2);
  world.put(key32(1), 1);
  world.put(key32(2), 2);
  EXPECT_EQ(world.get(key32(1)), 1);  // a lookup is a use
  EXPECT_EQ(world.put(key32(3), 3), 0);
  EXPECT_EQ(world.get(key32(2)), -1);
  EXPECT_EQ(world.get(key32(1)), 1);
  EXPECT_EQ(world.get(key32(3)), 3);
}

Bytes prefix(std::uint32_t length, Bytes address) {
  Bytes key = key32(length);
  key.insert(key.end(), address.begin(), address.end());
  return key;
}

TEST(LpmMap, FindsTheLongestPrefix) {
  World world(MapType::kLpmTrie, 8, 4);
  EXPECT_EQ(world.put(prefix(0, {0, 0, 0, 0}), 1), 0);
  EXPECT_EQ(world.put(prefix(8, {10, 9, 9, 9}), 2), 0) << "bits after the prefix do not matter";
  EXPECT_EQ(world.put(prefix(20, {10, 1, 0x10, 0}), 3), 0);
  EXPECT_EQ(world.put(prefix(32, {10, 1, 0x1f, 1}), 4), 0);
  EXPECT_EQ(world.get(prefix(32, {10, 1, 0x1f, 1})), 4);
  EXPECT_EQ(world.get(prefix(32, {10, 1, 0x1f, 2})), 3);
  EXPECT_EQ(world.get(prefix(32, {10, 1, 0x20, 2})), 2);
  EXPECT_EQ(world.get(prefix(32, {11, 1, 0x20, 2})), 1);
  EXPECT_EQ(world.get(prefix(33, {10, 1, 0x1f, 1})), -1);
  EXPECT_EQ(world.put(prefix(33, {1, 1, 1, 1}), 9), -EINVAL);
  EXPECT_EQ(world.put(prefix(24, {1, 1, 1, 1}), 9), -ENOSPC);
  EXPECT_EQ(world.map->remove(world.regions, prefix(20, {10, 1, 0x10, 0})), 0);
  EXPECT_EQ(world.get(prefix(32, {10, 1, 0x1f, 2})), 2);
}

TEST(MapSet, RefusesMapsThatCannotBe) {
  auto refusal = [](MapDescriptor map) {
    map.name = "m";
    auto status = check_map(map);
    return status ? "accepted" : status.error().message;
  };
  EXPECT_EQ(refusal({.type = static_cast<MapType>(27), .key_size = 4, .value_size = 4, .max_entries = 1}),
            "map m has type 27, which the device does not have");
  EXPECT_EQ(refusal({.type = MapType::kArray, .key_size = 8, .value_size = 4, .max_entries = 1}),
            "map m (array) has key size 8");
  EXPECT_EQ(refusal({.type = MapType::kHash, .key_size = 8, .value_size = 0, .max_entries = 1}),
            "map m (hash) has value size 0");
  EXPECT_EQ(refusal({.type = MapType::kHash, .key_size = 0, .value_size = 1, .max_entries = 1}),
            "map m (hash) has key size 0");
  EXPECT_EQ(refusal({.type = MapType::kHash, .key_size = 1, .value_size = 1, .max_entries = 0}),
            "map m (hash) has max_entries 0");
  EXPECT_EQ(refusal({.type = MapType::kLpmTrie, .key_size = 4, .value_size = 1, .max_entries = 1}),
            "map m (lpm_trie) has key size 4");
}

TEST(MapSet, PlacesValuesBehindEachOther) {
  Program program;
  program.data.resize(3);
  program.maps = {{.name = "a", .type = MapType::kArray, .key_size = 4, .value_size = 5, .max_entries = 2},
                  {.name = "b", .type = MapType::kArray, .key_size = 4, .value_size = 4, .max_entries = 1}};
  ASSERT_TRUE(assign_maps(program, 1024));
  EXPECT_EQ(program.maps[0].values_address, kDataBase + 8);
  EXPECT_EQ(program.maps[1].values_address, kDataBase + 24);
  EXPECT_EQ(program.data_bytes, 32u);
  EXPECT_EQ(program.maps[1].id, 2u);
  auto too_large = assign_maps(program, 24);
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().code, Code::kOutOfRange);
}

}  // namespace
}  // namespace faisca::bpf
