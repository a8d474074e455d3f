// The map unit against the software's maps (lib/bpf): one engine at a time, so that every result, pointers
// included, must be the same.
#include <gtest/gtest.h>

#include <cerrno>
#include <map>

#include "hw/tb/maps/map_bench.h"
#include "lib/bpf/layout.h"
#include "lib/bpf/maps.h"
#include "lib/bpf/memory.h"

namespace faisca::tb {
namespace {

using bpf::kDataBase;
using bpf::MapDescriptor;
using bpf::MapType;

Bytes key_of(std::uint64_t number, std::size_t size) {
  Bytes key(size);
  for (std::size_t b = 0; b < size && b < 8; ++b) key[b] = static_cast<std::uint8_t>(number >> (8 * b));
  return key;
}

bool has_slots(MapType type) {
  return type == MapType::kHash || type == MapType::kLruHash || type == MapType::kLpmTrie;
}

// The same maps in the unit and in software.
class Twin {
 public:
  explicit Twin(std::vector<MapDescriptor> maps) : regions_({}, 256 * 1024) {
    std::uint32_t offset = 64, slot = 0, id = 1;
    for (auto& map : maps) {
      map.id = id++;
      map.name = "m" + std::to_string(map.id);
      map.values_address = kDataBase + offset;
      bool percpu = map.type == MapType::kPercpuArray;
      bench.define(map, has_slots(map.type) ? slot : 0);
      offset += map.value_stride() * (map.max_entries + 16) * (percpu ? 32 : 1);
      if (has_slots(map.type)) slot += map.max_entries + 16;
    }
    maps_ = std::move(maps);
    auto created = bpf::MapSet::create(maps_);
    EXPECT_TRUE(created) << created.error().text();
    software_ = *std::move(created);
  }

  const MapDescriptor& map(std::uint8_t id) const { return maps_[id - 1]; }

  std::uint64_t expect(MapOp op, std::uint8_t id, const Bytes& key, const Bytes& value, std::uint64_t flags) {
    bpf::Map* map = software_.find(id);
    switch (op) {
      case MapOp::kUpdate:
        return static_cast<std::uint64_t>(map->update(regions_, key, value, flags));
      case MapOp::kDelete:
        return static_cast<std::uint64_t>(map->remove(regions_, key));
      default:
        return map->lookup(key).value_or(0);
    }
  }

  // Does it on both sides; false (and a failure) if they disagree.
  bool same(MapOp op, std::uint8_t id, const Bytes& key, const Bytes& value = {}, std::uint64_t flags = 0) {
    std::uint64_t expected = expect(op, id, key, value, flags);
    std::uint64_t got = bench.call(0, op, id, key, value, flags);
    EXPECT_EQ(static_cast<std::int64_t>(got), static_cast<std::int64_t>(expected))
        << "operation " << static_cast<int>(op) << " on map " << static_cast<int>(id) << " of type "
        << static_cast<std::uint32_t>(map(id).type) << ", flags " << flags;
    if (got != expected) return false;
    if (op != MapOp::kLookup || got == 0) return true;
    for (std::uint32_t at = 0; at < map(id).value_size; at += 8) {
      unsigned size = map(id).value_size - at >= 8 ? 8 : map(id).value_size - at >= 4 ? 4 : 1;
      std::uint8_t bytes[8] = {};
      EXPECT_EQ(regions_.load(got + at, std::span(bytes).first(size)), bpf::FaultCause::kNone);
      std::uint64_t word = 0;
      for (unsigned b = size; b-- > 0;) word = word << 8 | bytes[b];
      EXPECT_EQ(bench.load(static_cast<std::uint32_t>(got) + at, size), word) << "byte " << at;
      if (testing::Test::HasFailure()) return false;
    }
    return true;
  }

  MapBench bench;

 private:
  std::vector<MapDescriptor> maps_;
  bpf::Regions regions_;
  bpf::MapSet software_;
};

Bytes random_bytes(Random& random, std::size_t size) {
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
  return bytes;
}

TEST(MapUnit, AgreesWithTheSoftwareOnRandomOperations) {
  Random random;
  SCOPED_TRACE(random.replay());
  Twin twin({{.type = MapType::kHash, .key_size = 4, .value_size = 8, .max_entries = 40},
             {.type = MapType::kHash, .key_size = 32, .value_size = 64, .max_entries = 20},
             {.type = MapType::kArray, .key_size = 4, .value_size = 4, .max_entries = 30},
             {.type = MapType::kHash, .key_size = 6, .value_size = 20, .max_entries = 1000},
             {.type = MapType::kPercpuArray, .key_size = 4, .value_size = 8, .max_entries = 4},
             {.type = MapType::kHash, .key_size = 13, .value_size = 1, .max_entries = 1}});
  std::vector<std::vector<Bytes>> keys(7);
  for (std::uint8_t id = 1; id <= 6; ++id)
    for (int k = 0; k < (id == 4 ? 1400 : 60); ++k)
      keys[id].push_back(twin.map(id).type == MapType::kHash ? random_bytes(random, twin.map(id).key_size)
                                                             : key_of(random.below(40), 4));
  for (int i = 0; i < 20'000; ++i) {
    auto id = static_cast<std::uint8_t>(1 + random.below(6));
    if (id == 5 && random.one_in(2)) continue;
    const Bytes& key = keys[id][random.below(keys[id].size())];
    const std::uint64_t dice = random.below(10);
    MapOp op = dice < 4 ? MapOp::kLookup : dice < 8 ? MapOp::kUpdate : MapOp::kDelete;
    // The software has one copy of a PERCPU_ARRAY; engine 0's is the first of 32.
    if (id == 5 && op == MapOp::kLookup) {
      std::uint64_t index = key[0];
      EXPECT_EQ(twin.bench.call(0, op, id, key),
                index < 4 ? twin.map(id).values_address + index * 32 * 8 : 0);
      continue;
    }
    if (id == 5) continue;
    std::uint64_t flags = random.one_in(20) ? 3 + random.below(3) : random.below(3);
    if (random.one_in(2)) flags = 0;
    if (!twin.same(op, id, key, random_bytes(random, twin.map(id).value_size), flags)) return;
  }
}

TEST(MapUnit, FindsTheLongestPrefix) {
  Random random;
  SCOPED_TRACE(random.replay());
  Twin twin({{.type = MapType::kLpmTrie, .key_size = 8, .value_size = 8, .max_entries = 300},
             {.type = MapType::kLpmTrie, .key_size = 20, .value_size = 4, .max_entries = 100},
             {.type = MapType::kLpmTrie, .key_size = 8, .value_size = 8, .max_entries = 1024}});
  for (int i = 0; i < 12'000; ++i) {
    auto id = static_cast<std::uint8_t>(1 + random.below(3));
    const std::uint32_t bits = (twin.map(id).key_size - 4) * 8;
    Bytes key =
        key_of(random.one_in(30) ? bits + random.below(9) : random.below(bits + 1), twin.map(id).key_size);
    // Few distinct addresses, so that prefixes nest.
    for (std::size_t b = 4; b < key.size(); ++b)
      key[b] = static_cast<std::uint8_t>(random.one_in(3) ? random.below(256) : random.below(3));
    const std::uint64_t dice = random.below(10);
    MapOp op = dice < 5 ? MapOp::kLookup : dice < 8 ? MapOp::kUpdate : MapOp::kDelete;
    if (op == MapOp::kLookup && !random.one_in(4)) key[0] = static_cast<std::uint8_t>(bits);
    if (!twin.same(op, id, key, random_bytes(random, twin.map(id).value_size),
                   random.one_in(3) ? random.below(4) : 0))
      return;
  }
}

TEST(MapUnit, AnswersWithinItsBounds) {
  Twin twin({{.type = MapType::kHash, .key_size = 8, .value_size = 8, .max_entries = 1024},
             {.type = MapType::kArray, .key_size = 4, .value_size = 8, .max_entries = 16},
             {.type = MapType::kLpmTrie, .key_size = 8, .value_size = 8, .max_entries = 1024},
             {.type = MapType::kLruHash, .key_size = 16, .value_size = 64, .max_entries = 1024}});
  auto& bench = twin.bench;
  std::map<std::string, int> longest;
  auto time = [&](const char* what, MapOp op, std::uint8_t id, const Bytes& key, std::size_t value) {
    bench.call(0, op, id, key, Bytes(op == MapOp::kUpdate ? value : 0));
    longest[what] = std::max(longest[what], bench.latency(0));
  };
  for (std::uint32_t i = 0; i < 200; ++i) {
    time("hash update", MapOp::kUpdate, 1, key_of(i, 8), 8);
    time("hash lookup", MapOp::kLookup, 1, key_of(i, 8), 8);
    time("hash update again", MapOp::kUpdate, 1, key_of(i, 8), 8);
    time("hash miss", MapOp::kLookup, 1, key_of(i + 1000, 8), 8);
    time("array lookup", MapOp::kLookup, 2, key_of(i % 16, 4), 8);
    time("array update", MapOp::kUpdate, 2, key_of(i % 16, 4), 8);
    time("lpm update", MapOp::kUpdate, 3, Bytes{24, 0, 0, 0, 10, 0, static_cast<std::uint8_t>(i), 0}, 8);
    time("lpm lookup", MapOp::kLookup, 3, Bytes{32, 0, 0, 0, 10, 0, static_cast<std::uint8_t>(i), 9}, 8);
    time("lru update", MapOp::kUpdate, 4, key_of(i, 16), 64);
    time("lru lookup", MapOp::kLookup, 4, key_of(i, 16), 64);
    time("hash delete", MapOp::kDelete, 1, key_of(i, 8), 8);
  }
  for (const auto& [what, cycles] : longest) RecordProperty(what, cycles);
  for (const auto& [what, cycles] : longest) std::printf("  %-18s %d cycles\n", what.c_str(), cycles);
  EXPECT_LE(longest["array lookup"], 3);
  EXPECT_LE(longest["hash lookup"], 6);
  EXPECT_LE(longest["hash miss"], 6);
  EXPECT_LE(longest["lru lookup"], 6);
  EXPECT_LE(longest["lpm lookup"], 8);
  for (const char* change :
       {"hash update", "hash update again", "hash delete", "array update", "lpm update", "lru update"})
    EXPECT_LE(longest[change], 12) << change;
}

}  // namespace
}  // namespace faisca::tb
