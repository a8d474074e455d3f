// The map unit under load from all engines at once: throughput, nothing lost, nobody held up by others' keys,
// the host at work meanwhile.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <set>

#include "hw/tb/maps/map_bench.h"
#include "lib/bpf/layout.h"

namespace faisca::tb {
namespace {

using bpf::kDataBase;
using bpf::MapDescriptor;
using bpf::MapType;
constexpr int kEngines = MapBench::kEngines;
constexpr int kPerPort = MapBench::kEnginesPerPort;

Bytes key_of(std::uint64_t number, std::size_t size) {
  Bytes key(size);
  for (std::size_t b = 0; b < size && b < 8; ++b) key[b] = static_cast<std::uint8_t>(number >> (8 * b));
  return key;
}

// hw/rtl/maps/map_hash.sv and the tables that map_unit.sv fills it with: who knows them can choose keys.
class Hash {
 public:
  Hash() {
    std::uint32_t random = 0x6a09e667;
    for (std::uint32_t cycle = 0; cycle < 4096; ++cycle) {
      std::uint32_t index = cycle & 2047;
      if (index / 32 < 53) tables_[index / 32][index % 32] = random >> 8;
      random ^= random << 13;
      random ^= random >> 17;
      random ^= random << 5;
    }
  }
  std::uint32_t bucket(const Bytes& key, std::uint8_t map) const {
    std::uint32_t hash = 0;
    for (int chunk = 0; chunk < 53; ++chunk) {
      unsigned bits = 0;
      for (int b = 0; b < 5; ++b) {
        std::size_t at = static_cast<std::size_t>(chunk * 5 + b);
        bool set = at < 256 ? at / 8 < key.size() && (key[at / 8] >> (at % 8) & 1)
                            : at < 262 && (map >> (at - 256) & 1);
        bits |= static_cast<unsigned>(set) << b;
      }
      hash ^= tables_[chunk][bits];
    }
    return hash & 2047;
  }

 private:
  std::array<std::array<std::uint32_t, 32>, 53> tables_{};
};

MapDescriptor hash_map(std::uint32_t id, std::uint32_t key, std::uint32_t value, std::uint32_t entries,
                       std::uint32_t offset, MapType type = MapType::kHash) {
  return {.id = id,
          .type = type,
          .key_size = key,
          .value_size = value,
          .max_entries = entries,
          .values_address = kDataBase + offset};
}

TEST(MapTraffic, TakesOneOperationInEveryCycle) {
  MapBench bench;
  bench.define(hash_map(1, 8, 8, 1024, 0), 0);
  bench.define(hash_map(2, 4, 8, 64, 16384, MapType::kArray), 0);
  bench.define(hash_map(3, 8, 8, 1024, 32768, MapType::kLpmTrie), 1024);
  for (std::uint32_t i = 0; i < 512; ++i) bench.call(0, MapOp::kUpdate, 1, key_of(i, 8), Bytes(8));
  for (std::uint32_t i = 0; i < 200; ++i)
    bench.call(0, MapOp::kUpdate, 3, {24, 0, 0, 0, 10, 0, static_cast<std::uint8_t>(i), 0}, Bytes(8));
  Random random;
  // Lookups of one kind, of all kinds, and updates among them.
  for (int mix = 0; mix < 4; ++mix) {
    std::uint64_t before = 0, at = 0;
    for (int cycle = 0; cycle < 4100; ++cycle) {
      if (cycle == 100) before = bench.answered(), at = bench.cycles();
      for (int e = 0; e < kEngines; ++e) {
        if (!bench.map_idle(e)) continue;
        int kind = mix < 2 ? 0 : static_cast<int>(random.below(3));
        if (kind == 0) bench.start(e, MapOp::kLookup, 1, key_of(random.below(1000), 8));
        if (kind == 1) bench.start(e, MapOp::kLookup, 2, key_of(random.below(64), 4));
        if (kind == 2)
          bench.start(e, MapOp::kLookup, 3,
                      {32, 0, 0, 0, 10, 0, static_cast<std::uint8_t>(random.below(200)), 7});
      }
      bench.step();
    }
    double rate = static_cast<double>(bench.answered() - before) / static_cast<double>(bench.cycles() - at);
    std::printf("  mix %d: %.3f operations a cycle\n", mix, rate);
    EXPECT_GE(rate, 0.99) << "mix " << mix;
  }
}

TEST(MapTraffic, TakesUpdatesAtTheRateOfTheirBeats) {
  MapBench bench;
  bench.define(hash_map(1, 8, 8, 4096, 0), 0);
  Random random;
  std::uint64_t before = 0, at = 0;
  for (int cycle = 0; cycle < 6000; ++cycle) {
    if (cycle == 2000) before = bench.answered(), at = bench.cycles();
    for (int e = 0; e < kEngines; ++e)
      if (bench.map_idle(e)) bench.start(e, MapOp::kUpdate, 1, key_of(random.below(2000), 8), Bytes(8));
    bench.step();
  }
  double rate = static_cast<double>(bench.answered() - before) / static_cast<double>(bench.cycles() - at);
  std::printf("  updates: %.3f a cycle\n", rate);
  EXPECT_GE(rate, 0.95);
}

// Each engine has keys of its own, in maps that all share; so what it finds is known.
TEST(MapTraffic, LosesNothingWhenAllEnginesChangeTheSameMaps) {
  Random random;
  SCOPED_TRACE(random.replay());
  MapBench bench;
  bench.define(hash_map(1, 4, 8, 1000, 0), 0);
  bench.define(hash_map(2, 24, 16, 400, 16384), 1000);
  bench.define(hash_map(3, 8, 8, 400, 32768, MapType::kLpmTrie), 1400);
  // Keys of map 1 fall into few buckets.
  Hash hash;
  std::vector<Bytes> crowded;
  for (std::uint32_t number = 0; crowded.size() < 640; ++number)
    if (hash.bucket(key_of(number, 4), 1) < 20) crowded.push_back(key_of(number, 4));

  struct Plan {
    MapOp op = MapOp::kLookup;
    std::uint8_t map = 0;
    Bytes key;
    std::uint64_t flags = 0, value = 0;
    bool loading = false;
  };
  std::vector<Plan> plans(kEngines);
  std::vector<std::map<std::pair<int, Bytes>, std::uint64_t>> known(kEngines);
  std::uint64_t done = 0, next_value = 1;
  for (int cycle = 0; cycle < 120'000 && done < 30'000; ++cycle) {
    for (int e = 0; e < kEngines; ++e) {
      if (!bench.map_idle(e) || !bench.data_idle(e)) continue;
      Plan& plan = plans[e];
      auto entry = known[e].find({plan.map, plan.key});
      const bool present = entry != known[e].end();
      if (plan.loading) {
        plan.loading = false;
        ASSERT_EQ(bench.old(e), entry->second) << "engine " << e << " map " << int{plan.map};
      } else if (plan.map != 0) {
        ++done;
        std::int64_t r0 = static_cast<std::int64_t>(bench.r0(e));
        if (plan.op == MapOp::kLookup) {
          ASSERT_EQ(r0 != 0, present) << "engine " << e << " map " << int{plan.map};
          if (r0 != 0) {
            bench.access(e, DataOp::kLoad, static_cast<std::uint32_t>(r0), 8);
            plan.loading = true;
            continue;
          }
        } else if (plan.op == MapOp::kUpdate) {
          std::int64_t expected = plan.flags == 1 && present    ? -EEXIST
                                  : plan.flags == 2 && !present ? -ENOENT
                                                                : 0;
          ASSERT_EQ(r0, expected) << "engine " << e << " map " << int{plan.map};
          if (r0 == 0) known[e][{plan.map, plan.key}] = plan.value;
        } else {
          ASSERT_EQ(r0, present ? 0 : -ENOENT) << "engine " << e << " map " << int{plan.map};
          known[e].erase({plan.map, plan.key});
        }
      }
      if (random.one_in(4)) {  // a while without a request
        plan.map = 0;
        continue;
      }
      plan.map = static_cast<std::uint8_t>(1 + random.below(3));
      const std::uint64_t number = random.below(plan.map == 1 ? 20 : 8);
      if (plan.map == 1) plan.key = crowded[e * 20 + number];
      if (plan.map == 2) plan.key = key_of(e * 8 + number, 24);
      if (plan.map == 3)
        plan.key = {32, 0, 0, 0, 10, static_cast<std::uint8_t>(e), 0, static_cast<std::uint8_t>(number)};
      const std::uint64_t dice = random.below(10);
      plan.op = dice < 4 ? MapOp::kLookup : dice < 8 ? MapOp::kUpdate : MapOp::kDelete;
      plan.flags = random.one_in(2) ? random.below(3) : 0;
      plan.value = next_value++;
      bench.start(e, plan.op, plan.map, plan.key, key_of(plan.value, plan.map == 2 ? 16 : 8), plan.flags);
    }
    bench.step();
  }
  EXPECT_EQ(done, 30'000u);
  // The unit's own count agrees.
  for (int i = 0; i < 100; ++i) bench.step();
  std::array<std::uint32_t, 4> entries{};
  for (const auto& engine : known)
    for (const auto& [place, value] : engine) ++entries[place.first];
  for (std::uint32_t map = 1; map <= 3; ++map) {
    bench.write(packet_regs::maps::kMap, map);
    EXPECT_NEAR(bench.read(packet_regs::maps::kUsed), entries[map], kEngines) << "map " << map;
  }
}

TEST(MapTraffic, TakesEveryKeyOfOneBucketUntilTheMapIsFull) {
  MapBench bench;
  constexpr std::uint32_t kEntries = 128;
  bench.define(hash_map(1, 4, 8, kEntries, 0), 0);
  Hash hash;
  std::vector<Bytes> keys;
  for (std::uint32_t number = 0; keys.size() <= kEntries; ++number)
    if (hash.bucket(key_of(number, 4), 1) == 77) keys.push_back(key_of(number, 4));
  for (std::uint32_t i = 0; i < kEntries; ++i)
    ASSERT_EQ(bench.call(static_cast<int>(i % kEngines), MapOp::kUpdate, 1, keys[i], key_of(i, 8)), 0u) << i;
  EXPECT_EQ(static_cast<std::int64_t>(bench.call(0, MapOp::kUpdate, 1, keys[kEntries], Bytes(8))), -E2BIG);
  std::set<std::uint64_t> places;
  for (std::uint32_t i = 0; i < kEntries; ++i) {
    std::uint64_t pointer = bench.call(0, MapOp::kLookup, 1, keys[i]);
    ASSERT_NE(pointer, 0u) << i;
    places.insert(pointer);
    EXPECT_EQ(bench.load(static_cast<std::uint32_t>(pointer), 8), i);
  }
  EXPECT_EQ(places.size(), kEntries);
  // Every second one out, from the middle of the list too; the others stay.
  for (std::uint32_t i = 0; i < kEntries; i += 2)
    ASSERT_EQ(bench.call(0, MapOp::kDelete, 1, keys[i]), 0u) << i;
  for (std::uint32_t i = 0; i < kEntries; ++i)
    ASSERT_EQ(bench.call(0, MapOp::kLookup, 1, keys[i]) != 0, i % 2 == 1) << i;
  for (std::uint32_t i = 0; i < kEntries; i += 2)
    ASSERT_EQ(bench.call(0, MapOp::kUpdate, 1, keys[i], Bytes(8)), 0u) << i;
}

// Port 0 looks for keys of one crowded bucket, the others for keys anywhere. They must not notice more than
// that somebody takes turns with them.
TEST(MapTraffic, KeysOfOnePortDoNotHoldUpTheOthers) {
  MapBench bench;
  constexpr std::uint32_t kEntries = 256, kUsed = kEntries * 9 / 10;
  bench.define(hash_map(1, 4, 8, kEntries, 0), 0);
  bench.define(hash_map(2, 8, 8, 1024, 16384), kEntries);
  Hash hash;
  std::vector<Bytes> keys;
  for (std::uint32_t number = 0; keys.size() < kUsed; ++number)
    if (hash.bucket(key_of(number, 4), 1) == 5) keys.push_back(key_of(number, 4));
  for (std::uint32_t i = 0; i < kUsed; ++i)
    ASSERT_EQ(bench.call(0, MapOp::kUpdate, 1, keys[i], Bytes(8)), 0u)
        << i << " of " << kUsed << ": lost at 90 %";
  for (std::uint32_t i = 0; i < 500; ++i) bench.call(9, MapOp::kUpdate, 2, key_of(i, 8), Bytes(8));
  Random random;
  std::array<std::uint64_t, 4> answered{};
  int worst = 0;
  for (int cycle = 0; cycle < 8000; ++cycle) {
    for (int e = 0; e < kEngines; ++e) {
      if (!bench.map_idle(e)) continue;
      if (cycle > 200) {
        ++answered[e / kPerPort];
        if (e >= kPerPort) worst = std::max(worst, bench.latency(e));
      }
      if (e < kPerPort)
        bench.start(e, random.one_in(4) ? MapOp::kUpdate : MapOp::kLookup, 1, keys[random.below(kUsed)],
                    Bytes(8));
      else
        bench.start(e, MapOp::kLookup, 2, key_of(random.below(1000), 8));
    }
    bench.step();
  }
  double others = static_cast<double>(answered[1] + answered[2] + answered[3]) / 7800;
  std::printf("  others: %.3f operations a cycle, longest wait %d cycles; the crowded port: %.4f\n", others,
              worst, static_cast<double>(answered[0]) / 7800);
  EXPECT_GE(others, 0.74) << "three of four turns are theirs";
  EXPECT_LE(worst, 48) << "eight engines of a port, a turn in four cycles, and the lookup";
  EXPECT_GT(answered[0], 0u);
}

TEST(MapTraffic, CountsEveryAtomicOfAllEngines) {
  MapBench bench;
  bench.store(kDataBase + 128, 8, 0);
  bench.store(kDataBase + 136, 8, 0);
  std::array<int, kEngines> left;
  left.fill(200);
  std::uint64_t first = bench.cycles();
  for (int cycle = 0; cycle < 20'000; ++cycle) {
    bool busy = false;
    for (int e = 0; e < kEngines; ++e) {
      busy |= left[e] > 0 || !bench.data_idle(e);
      if (!bench.data_idle(e) || left[e] == 0) continue;
      --left[e];
      bench.access(e, left[e] % 2 ? DataOp::kAdd : DataOp::kFetchAdd,
                   kDataBase + 128 + (left[e] % 4 == 0 ? 4 : 0), 4, 3);
    }
    if (!busy) break;
    bench.step();
  }
  std::printf("  %.3f atomics on one word a cycle\n",
              200.0 * kEngines / static_cast<double>(bench.cycles() - first));
  EXPECT_EQ(bench.load(kDataBase + 128, 4), 150u * 3 * kEngines);
  EXPECT_EQ(bench.load(kDataBase + 132, 4), 50u * 3 * kEngines);
  EXPECT_EQ(bench.load(kDataBase + 136, 8), 0u);
}

}  // namespace
}  // namespace faisca::tb
