// The helper unit against lib/bpf's helpers: random calls, memory that answers late or at once, a map unit
// that lets wait. The bench is the engine (arguments, memory, packet) and the map unit (answers from the
// software's maps).
#include <gtest/gtest.h>

#include <cerrno>
#include <deque>

#include "Vhelper_unit.h"
#include "hw/tb/bench.h"
#include "lib/bpf/helpers.h"
#include "lib/bpf/layout.h"
#include "lib/bpf/map_device.h"

namespace faisca::tb {
namespace {

using bpf::FaultCause;
using bpf::kDataBase;
using bpf::kMemoryBase;
using bpf::kStackBase;
using bpf::MapDescriptor;
using bpf::MapType;
using Interfaces = std::vector<std::uint32_t>;

struct Environment final : bpf::Environment {
  explicit Environment(bpf::Regions& memory) : regions(memory) {}
  std::uint64_t monotonic_ns() override { return 123'456'789'012; }
  std::uint32_t random_u32() override { return 0; }
  std::uint32_t processor_id() override { return 5; }
  std::int64_t adjust_head(std::int64_t delta) override { return regions.adjust_head(delta); }
  std::int64_t adjust_tail(std::int64_t delta) override { return regions.adjust_tail(delta); }
  std::int64_t adjust_meta(std::int64_t delta) override { return regions.adjust_meta(delta); }
  std::uint32_t ingress_ifindex() override { return 3; }
  void redirect(Interfaces to) { targets = std::move(to); }
  void redirect(std::span<const std::uint32_t> to) override { targets.assign(to.begin(), to.end()); }
  bpf::Regions& regions;
  Interfaces targets;
};

const std::vector<MapDescriptor>& descriptors() {
  static const std::vector<MapDescriptor> maps = {
      {.id = 1,
       .name = "a",
       .type = MapType::kHash,
       .key_size = 4,
       .value_size = 8,
       .max_entries = 8,
       .values_address = kDataBase},
      {.id = 2,
       .name = "b",
       .type = MapType::kHash,
       .key_size = 6,
       .value_size = 20,
       .max_entries = 8,
       .values_address = kDataBase + 64},
      {.id = 3,
       .name = "c",
       .type = MapType::kHash,
       .key_size = 29,
       .value_size = 64,
       .max_entries = 8,
       .values_address = kDataBase + 256},
      {.id = 9,
       .name = "d",
       .type = MapType::kDevmap,
       .key_size = 4,
       .value_size = 4,
       .max_entries = 4,
       .values_address = kDataBase + 768},
      {.id = 63,
       .name = "e",
       .type = MapType::kHash,
       .key_size = 8,
       .value_size = 1,
       .max_entries = 8,
       .values_address = kDataBase + 800},
  };
  return maps;
}

// A machine: memory, maps, environment. The unit's and the software's start equal.
struct World {
  World() : maps(*bpf::MapSet::create(descriptors())) {}
  bpf::Regions regions{{}, 1024};
  bpf::MapSet maps;
  Environment environment{regions};
};

class HelperUnit : public testing::Test {
 protected:
  HelperUnit() {
    auto& top = bench_.top;
    top.engine_i = 5;
    top.port_i = 2;
    top.time_ns_i = 123'456'789'012;
    for (int id = 0; id < 64; ++id) define(id, 0, 0, 0);
    for (const auto& map : descriptors())
      define(map.id, static_cast<int>(map.type), map.key_size, map.value_size);
  }

  void define(int id, int type, std::uint32_t key, std::uint32_t value) {
    auto& top = bench_.top;
    top.define_i = 1;
    top.define_id_i = id;
    top.define_type_i = type;
    top.define_key_bytes_i = key;
    top.define_value_bytes_i = value;
    bench_.cycle();
    top.define_i = 0;
  }

  void fill(Random& random, std::size_t packet_bytes) {
    std::vector<std::uint8_t> packet(packet_bytes), stack(bpf::kStackBytes), data(768);
    for (auto* bytes : {&packet, &stack, &data})
      for (auto& byte : *bytes) byte = static_cast<std::uint8_t>(random.below(random.one_in(3) ? 256 : 3));
    for (World* world : {&software_, &hardware_}) {
      world->regions.set_packet(packet, {.ingress_ifindex = 3});
      world->regions.store(kStackBase, stack);
      world->regions.store(kDataBase, data);
      world->environment.targets.clear();
    }
    begin_ = meta_ = bpf::kXdpHeadroom;
    end_ = begin_ + static_cast<std::uint32_t>(packet_bytes);
  }

  struct Outcome {
    bool bad = false, fault = false;
    std::uint64_t r0 = 0;
    int cycles = 0;
  };

  // Lets the unit do the call on hardware_.
  Outcome run(const bpf::HelperCall& call, Random& random, bool slow) {
    auto& top = bench_.top;
    const auto& [r1, r2, r3, r4, r5] = call.args;
    struct Read {
      int due;
      std::uint64_t data;
    };
    std::deque<Read> reads;
    std::vector<std::uint64_t> beats;
    int answer_due = -1;
    std::uint64_t answer = 0;
    int last_select = 0;
    Outcome outcome;
    top.start_i = 1;
    top.helper_id_i = call.id;
    top.r1_i = r1;
    top.r2_i = r2;
    for (int cycle = 0; cycle < 5000; ++cycle) {
      top.data_i = begin_;
      top.data_end_i = end_;
      top.data_meta_i = meta_;
      top.args_a_i = top.args_b_i = 0xdeaddeaddeaddead;
      // They are there in the second cycle after the start, and one cycle after another choice.
      const bool steady = top.args_select_o == last_select;
      last_select = top.args_select_o;
      if (cycle >= 2 && steady) {
        top.args_a_i = last_select ? r5 : r3;
        if (!last_select) top.args_b_i = r4;
      }
      top.memory_rvalid_i = !reads.empty() && reads.front().due <= cycle;
      top.memory_rdata_i = top.memory_rvalid_i ? reads.front().data : 0xbadbadbadbadbad;
      top.memory_ready_i = !slow || random.one_in(2);
      top.map_ready_i = !slow || random.one_in(2);
      top.map_rvalid_i = answer_due == cycle;
      top.map_r0_i = answer;
      bench_.settle();
      if (top.memory_rvalid_i) reads.pop_front();
      if (top.memory_valid_o && top.memory_ready_i) {
        const unsigned size = 1u << top.memory_size_o;
        std::uint8_t bytes[8] = {};
        FaultCause fault;
        if (top.memory_write_o) {
          for (unsigned b = 0; b < size; ++b)
            bytes[b] = static_cast<std::uint8_t>(top.memory_wdata_o >> (8 * b));
          fault = hardware_.regions.store(top.memory_address_o, std::span(bytes).first(size));
        } else {
          fault = hardware_.regions.load(top.memory_address_o, std::span(bytes).first(size));
          std::uint64_t data = size == 8 ? 0 : 0xee00'0000'0000'0000;  // bytes past the access are undefined
          for (unsigned b = 0; b < size; ++b) data |= std::uint64_t{bytes[b]} << (8 * b);
          const bool local = top.memory_address_o < kDataBase;
          reads.push_back({cycle + (local && !slow ? 1 : 1 + static_cast<int>(random.below(4))), data});
          if (reads.size() > 1)
            reads.back().due = std::max(reads.back().due, reads[reads.size() - 2].due + 1);
        }
        if (fault != FaultCause::kNone) {
          outcome.fault = true;
          top.clear_i = 1;
          bench_.cycle();
          top.clear_i = 0;
          top.start_i = 0;
          return outcome;
        }
      }
      if (top.map_valid_o && top.map_ready_i) {
        beats.push_back(top.map_data_o);
        if (top.map_last_o) {
          answer = map_unit(top.map_op_o, top.map_id_o, top.map_flags_o, beats);
          answer_due = cycle + 3 + static_cast<int>(random.below(slow ? 9 : 1));
        }
      }
      const bool done = top.done_o;
      outcome.r0 = top.r0_o;
      outcome.bad = top.bad_helper_o;
      outcome.cycles = cycle;
      const bool adjust = top.adjust_o;
      const std::uint32_t data = top.data_o, end = top.data_end_o, meta = top.data_meta_o;
      bench_.clock();
      top.start_i = 0;
      if (adjust) {
        // The engine moves the packet's ends; the bytes are the unit's business.
        auto& regions = hardware_.regions;
        if (end != end_) EXPECT_EQ(regions.adjust_tail(std::int64_t{end} - end_), 0);
        if (data != begin_) move_head(data);
        if (data == begin_ && meta != meta_) EXPECT_EQ(regions.adjust_meta(std::int64_t{meta} - meta_), 0);
        begin_ = data;
        end_ = end;
        meta_ = meta;
      }
      if (done) return outcome;
    }
    ADD_FAILURE() << "helper " << call.id << " does not end";
    return outcome;
  }

  // The engine moves no bytes, Regions would move the metadata: what was accessible gets its bytes back.
  void move_head(std::uint32_t data) {
    const std::uint32_t meta = meta_ + data - begin_, kept = std::max(meta, meta_);
    std::vector<std::uint8_t> bytes(end_ - kept);
    EXPECT_EQ(hardware_.regions.load(kMemoryBase + kept, bytes), FaultCause::kNone);
    EXPECT_EQ(hardware_.regions.adjust_head(std::int64_t{data} - begin_), 0);
    EXPECT_EQ(hardware_.regions.store(kMemoryBase + kept, bytes), FaultCause::kNone);
  }

  // map_pkg's operations on the software's maps.
  std::uint64_t map_unit(int op, int id, std::uint64_t flags, const std::vector<std::uint64_t>& beats) {
    bpf::Map* map = hardware_.maps.find(static_cast<std::uint64_t>(id));
    std::vector<std::uint8_t> bytes;
    for (std::uint64_t beat : beats)
      for (int b = 0; b < 8; ++b) bytes.push_back(static_cast<std::uint8_t>(beat >> (8 * b)));
    const auto& shape = map->descriptor();
    const std::size_t key_words = (shape.key_size + 7) / 8;
    auto key = std::span(bytes).first(shape.key_size);
    for (std::size_t at = shape.key_size; at < key_words * 8; ++at) EXPECT_EQ(bytes[at], 0) << "key padding";
    switch (op) {
      case 0:
        EXPECT_EQ(beats.size(), key_words);
        return map->lookup(key).value_or(0);
      case 1:
        EXPECT_EQ(beats.size(), key_words + (shape.value_size + 7) / 8);
        return static_cast<std::uint64_t>(map->update(
            hardware_.regions, key, std::span(bytes).subspan(key_words * 8, shape.value_size), flags));
      case 2:
        EXPECT_EQ(beats.size(), key_words);
        return static_cast<std::uint64_t>(map->remove(hardware_.regions, key));
      default: {
        const auto& ports = dynamic_cast<const bpf::DeviceMap&>(*map);
        const std::uint32_t interface = ports.interface(static_cast<std::uint32_t>(beats[0]));
        std::uint64_t entry = interface, all = 0;
        if (interface != 0) entry |= std::uint64_t{1} << (32 + interface - 1);
        for (std::uint32_t port : ports.interfaces()) all |= std::uint64_t{1} << (40 + port - 1);
        return entry | all;
      }
    }
  }

  Bench<Vhelper_unit> bench_;
  World software_, hardware_;
  std::uint32_t begin_ = 0, end_ = 0, meta_ = 0;
};

TEST_F(HelperUnit, AnswersAsTheSoftwareDoes) {
  Random random;
  SCOPED_TRACE(random.replay());
  for (World* world : {&software_, &hardware_})
    for (std::uint8_t index : {1, 2}) {
      std::uint8_t key[4] = {index}, value[4] = {static_cast<std::uint8_t>(index + 1)};
      world->maps.find(9)->update(world->regions, key, value, 0);
    }
  int compared = 0;
  for (int i = 0; i < 30'000; ++i) {
    if (i % 20 == 0) fill(random, 14 + random.below(300));
    const std::uint32_t ids[] = {1, 1, 2, 2, 3, 5, 8, 23, 28, 28, 44, 51, 51, 54, 65, 4711};
    bpf::HelperCall call{ids[random.below(16)], {}};
    auto& [r1, r2, r3, r4, r5] = call.args;
    const auto address = [&]() -> std::uint64_t {
      switch (random.below(6)) {
        case 0:
          return kMemoryBase + meta_ + random.below(end_ - meta_);
        case 1:
          return kDataBase + random.below(900);
        case 2:
          return random.one_in(4) ? random.number() : kStackBase + 512 - random.below(40);
        default:
          return kStackBase + random.below(1000);
      }
    };
    r1 = random.number(), r2 = random.number(), r3 = random.number(), r4 = random.number(),
    r5 = random.number();
    if (call.id <= 3) {
      r1 = random.one_in(30)
               ? random.number()
               : descriptors()[random.one_in(20) ? 3 : std::array{0, 1, 2, 4}[random.below(4)]].id;
      r2 = address(), r3 = address();
      r4 = random.one_in(5) ? random.number() : random.below(3);
      if (call.id != 1 && r1 == 9) continue;  // the verifier's business
    }
    if (call.id == 23) r1 = 1 + random.below(8), r2 = random.below(2);
    if (call.id == 28) r1 = address(), r2 = random.below(90), r3 = address(), r4 = random.below(60);
    if (call.id == 44 || call.id == 54 || call.id == 65)
      r2 = random.one_in(3) ? random.number()
                            : static_cast<std::uint64_t>(static_cast<std::int64_t>(random.below(120)) - 60);
    if (call.id == 54 && random.one_in(2)) r2 &= ~std::uint64_t{3};
    if (call.id == 51)
      r1 = random.one_in(20) ? 1 : 9, r2 = random.below(5),
      r3 = random.one_in(4) ? random.number() : random.below(32);
    SCOPED_TRACE("call " + std::to_string(i) + " helper " + std::to_string(call.id) + " r1 " +
                 std::to_string(r1) + " r2 " + std::to_string(static_cast<std::int64_t>(r2)) + " r3 " +
                 std::to_string(r3) + " r4 " + std::to_string(r4));
    const auto expected = bpf::call_helper(call, software_.regions, software_.maps, software_.environment);
    const Outcome got = run(call, random, random.one_in(2));
    if (expected.fault == FaultCause::kBadHelper) {
      ASSERT_TRUE(got.bad);
      continue;
    }
    if (expected.fault != FaultCause::kNone) {
      ASSERT_TRUE(got.fault) << "an access out of bounds";
      continue;
    }
    ASSERT_FALSE(got.fault || got.bad);
    ASSERT_EQ(static_cast<std::int64_t>(got.r0), static_cast<std::int64_t>(expected.r0));
    ++compared;
    const auto left = software_.regions.memory(), right = hardware_.regions.memory();
    ASSERT_EQ(std::vector(left.begin(), left.end()), std::vector(right.begin(), right.end()));
    std::vector<std::uint8_t> metadata(begin_ - meta_), expected_metadata(begin_ - meta_);
    ASSERT_EQ(hardware_.regions.load(kMemoryBase + meta_, metadata), FaultCause::kNone);
    ASSERT_EQ(software_.regions.load(kMemoryBase + meta_, expected_metadata), FaultCause::kNone);
    ASSERT_EQ(metadata, expected_metadata);
    if (call.id == 23 || call.id == 51) {
      std::uint32_t ports = 0;
      for (std::uint32_t interface : software_.environment.targets) ports |= 1u << (interface - 1);
      const bool redirects = expected.r0 == 4 && (call.id == 23 || r3 < 32);
      if (redirects) ASSERT_TRUE(bench_.top.redirect_valid_o);
      if (redirects) ASSERT_EQ(bench_.top.redirect_ports_o, ports);
    }
  }
  EXPECT_GT(compared, 15'000);
}

TEST_F(HelperUnit, IsQuickWhereItMatters) {
  Random random;
  fill(random, 60);
  const auto cycles = [&](std::uint32_t id, std::array<std::uint64_t, 5> args) {
    return run({id, args}, random, false).cycles;
  };
  EXPECT_LE(cycles(5, {}), 2);
  EXPECT_LE(cycles(23, {1, 0}), 2);
  EXPECT_LE(cycles(44, {0, static_cast<std::uint64_t>(-4)}), 3);
  EXPECT_LE(cycles(1, {1, kStackBase + 8}), 3 + 3) << "three cycles to the map unit, three in this one";
  EXPECT_LE(cycles(1, {2, kStackBase + 506}), 3 + 3) << "six bytes at the end of the frame are one access";
}

}  // namespace
}  // namespace faisca::tb
