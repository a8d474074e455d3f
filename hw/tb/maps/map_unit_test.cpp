// The map unit against the software's maps (lib/bpf): one engine at a time, so that every result, pointers
// included, must be the same.
#include <gtest/gtest.h>

#include <array>
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

// In a map of up to 16 entries the sweeper's choice is exact, so the software says who goes.
TEST(MapUnit, GivesUpTheLeastRecentlyUsedKey) {
  Random random;
  SCOPED_TRACE(random.replay());
  MapBench bench;
  const MapDescriptor map{.id = 1,
                          .name = "lru",
                          .type = MapType::kLruHash,
                          .key_size = 4,
                          .value_size = 8,
                          .max_entries = 8,
                          .values_address = kDataBase};
  bench.define(map, 0);
  bpf::Regions regions({}, 1024);
  auto software = *bpf::MapSet::create(std::vector{map});
  for (int i = 0; i < 3000; ++i) {
    const Bytes key = key_of(random.below(14), 4);
    bpf::Map& twin = *software.find(1);
    if (random.one_in(2)) {
      const bool there = twin.lookup(key).has_value();
      ASSERT_EQ(bench.call(0, MapOp::kLookup, 1, key) != 0, there) << "step " << i;
    } else {
      ASSERT_EQ(bench.call(0, MapOp::kUpdate, 1, key, Bytes(8)), 0u);
      ASSERT_EQ(twin.update(regions, key, Bytes(8), 0), 0);
      for (int wait = 0; wait < 100; ++wait) bench.step();
    }
  }
  bench.write(packet_regs::maps::kMap, 1);
  EXPECT_EQ(bench.read(packet_regs::maps::kUsed), 8u);
}

TEST(MapUnit, KeepsALargeLruMapFullAndNoFuller) {
  MapBench bench;
  bench.define({.id = 1,
                .type = MapType::kLruHash,
                .key_size = 4,
                .value_size = 8,
                .max_entries = 256,
                .values_address = kDataBase},
               0);
  bench.write(packet_regs::maps::kMap, 1);
  std::uint32_t next = 0, most = 0;
  for (int cycle = 0; cycle < 20'000; ++cycle) {
    for (int e = 0; e < MapBench::kEngines; ++e)
      if (bench.map_idle(e)) {
        if (cycle > 0) ASSERT_EQ(bench.r0(e), 0u);
        bench.start(e, MapOp::kUpdate, 1, key_of(next++, 4), Bytes(8));
      }
    if (cycle % 16 == 0)
      most = std::max(most, bench.read(packet_regs::maps::kUsed));
    else
      bench.step();
  }
  std::printf("  %u new keys in 20000 cycles\n", next);
  EXPECT_GT(next, 500u);
  EXPECT_LE(most, 256u + 16u);
  for (int wait = 0; wait < 3000; ++wait) bench.step();
  EXPECT_EQ(bench.read(packet_regs::maps::kUsed), 256u);
}

TEST(MapUnit, LetsTheHostReadAndChangeMapsMeanwhile) {
  MapBench bench;
  bench.define({.id = 1,
                .type = MapType::kHash,
                .key_size = 12,
                .value_size = 16,
                .max_entries = 64,
                .values_address = kDataBase + 256},
               100);
  bench.define({.id = 2,
                .type = MapType::kDevmap,
                .key_size = 4,
                .value_size = 4,
                .max_entries = 4,
                .values_address = kDataBase},
               8);
  const Bytes key = key_of(0x1122334455, 12), value(16, 0xab);
  EXPECT_EQ(bench.host(1, 1, key, value), 0u);
  const std::uint64_t pointer = bench.host(0, 1, key);
  EXPECT_EQ(pointer, kDataBase + 256u);
  EXPECT_EQ(bench.call(3, MapOp::kLookup, 1, key), pointer);
  EXPECT_EQ(bench.load(kDataBase + 256 + 8, 8), 0xabab'abab'abab'ababu);
  EXPECT_EQ(static_cast<std::int64_t>(bench.host(1, 1, key, value, 1)), -EEXIST);
  // Going through the slots finds the key.
  EXPECT_EQ(bench.host(4, 1, key_of(100, 4)), 1u);
  EXPECT_EQ(bench.read(packet_regs::maps::kKey), 0x22334455u);
  EXPECT_EQ(bench.read(packet_regs::maps::kKey + 4), 0x11u);
  EXPECT_EQ(bench.host(2, 1, key), 0u);
  EXPECT_EQ(static_cast<std::int64_t>(bench.host(2, 1, key)), -ENOENT);
  EXPECT_EQ(bench.host(4, 1, key_of(100, 4)), 0u);
  // The data region.
  bench.write(packet_regs::maps::kDataOffset, 512);
  bench.write(packet_regs::maps::kDataLow, 1);
  bench.write(packet_regs::maps::kDataHigh, 2);
  for (int wait = 0; wait < 10; ++wait) bench.step();
  EXPECT_EQ(bench.load(kDataBase + 512, 8), 0x2'0000'0001u);
  bench.write(packet_regs::maps::kDataOffset, 512);
  bench.write(packet_regs::maps::kDataFetch, 0);
  for (int wait = 0; wait < 10; ++wait) bench.step();
  EXPECT_EQ(bench.read(packet_regs::maps::kDataHigh), 2u);
  // Entries: {ports of the map, ports, interface}; an empty one is no address.
  bench.write_entry(2, 8 + 1, 2, 1u << 1, 0b1010);
  EXPECT_EQ(bench.call(0, MapOp::kEntry, 2, key_of(1, 4)), 0x0a02'0000'0002u);
  EXPECT_EQ(bench.call(0, MapOp::kEntry, 2, key_of(9, 4)), 0x0a00'0000'0000u);
  EXPECT_EQ(bench.call(0, MapOp::kLookup, 2, key_of(1, 4)), kDataBase + 8u);
  // Clearing.
  for (std::uint32_t i = 0; i < 64; ++i)
    ASSERT_EQ(bench.call(0, MapOp::kUpdate, 1, key_of(i, 12), value), 0u);
  EXPECT_EQ(static_cast<std::int64_t>(bench.call(0, MapOp::kUpdate, 1, key_of(99, 12), value)), -E2BIG);
  bench.host(6, 1, {});
  EXPECT_EQ(bench.read(packet_regs::maps::kUsed), 0u);
  for (std::uint32_t i = 0; i < 64; ++i) ASSERT_EQ(bench.call(0, MapOp::kLookup, 1, key_of(i, 12)), 0u);
  // What cannot be is an error.
  bench.read(packet_regs::maps::kKey + 0x700);
  EXPECT_TRUE(bench.register_error());
  bench.write(packet_regs::maps::kDefine, 0);
  EXPECT_TRUE(bench.register_error());
}

// All kinds of accesses of one engine, at any alignment, against plain bytes; others disturb on bytes of
// their own.
TEST(MapUnit, DoesAccessesToTheDataRegionInOrder) {
  Random random;
  SCOPED_TRACE(random.replay());
  MapBench bench;
  std::vector<std::uint8_t> bytes(64);
  for (std::uint32_t at = 0; at < 64; at += 8) bench.store(kDataBase + at, 8, 0);
  for (int i = 0; i < 20'000; ++i) {
    for (int e = 1; e < MapBench::kEngines; ++e)
      if (bench.data_idle(e) && random.one_in(4))
        bench.access(e, DataOp::kFetchAdd,
                     kDataBase + 1024 + 8 * static_cast<std::uint32_t>(random.below(16)), 8, 1);
    const unsigned size = 1u << random.below(4);
    const auto kind =
        static_cast<DataOp>(std::array{0, 0, 1, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15}[random.below(14)]);
    auto at = static_cast<std::uint32_t>(random.below(64 - size + 1));
    const bool atomic = static_cast<int>(kind) > 1;
    if (atomic && size < 4) continue;
    if (atomic) at = at / size * size;
    std::uint64_t mask = size == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * size)) - 1, old = 0;
    for (unsigned b = size; b-- > 0;) old = old << 8 | bytes[at + b];
    const std::uint64_t operand = random.number() & mask, expected = random.one_in(2) ? old : operand;
    bench.access(0, kind, kDataBase + at, size, operand, expected);
    while (!bench.data_idle(0)) bench.step();
    if (kind == DataOp::kLoad || static_cast<int>(kind) >= 10)
      ASSERT_EQ(bench.old(0) & mask, old) << "access " << i;
    std::uint64_t now = old;
    switch (kind) {
      case DataOp::kLoad:
        break;
      case DataOp::kAdd:
      case DataOp::kFetchAdd:
        now = old + operand;
        break;
      case DataOp::kOr:
      case DataOp::kFetchOr:
        now = old | operand;
        break;
      case DataOp::kAnd:
      case DataOp::kFetchAnd:
        now = old & operand;
        break;
      case DataOp::kXor:
      case DataOp::kFetchXor:
        now = old ^ operand;
        break;
      case DataOp::kCompareExchange:
        now = old == expected ? operand : old;
        break;
      default:
        now = operand;
    }
    for (unsigned b = 0; b < size; ++b) bytes[at + b] = static_cast<std::uint8_t>(now >> (8 * b));
  }
}

}  // namespace
}  // namespace faisca::tb
