#include "hw/tb/maps/map_bench.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace faisca::tb {
namespace {

// Puts the low `bits` bits of `value` at bit `at` of a wide signal; none of ours crosses a word of 64 bits.
template <class Wide>
void put(Wide& wide, int at, int bits, std::uint64_t value) {
  for (int done = 0; done < bits;) {
    int word = (at + done) / 32, offset = (at + done) % 32, now = std::min(bits - done, 32 - offset);
    std::uint32_t mask = static_cast<std::uint32_t>(((std::uint64_t{1} << now) - 1) << offset);
    wide[word] = (wide[word] & ~mask) | (static_cast<std::uint32_t>((value >> done) << offset) & mask);
    done += now;
  }
}

void put(QData& narrow, int at, int bits, std::uint64_t value) {
  std::uint64_t mask = ((std::uint64_t{1} << bits) - 1) << at;
  narrow = (narrow & ~mask) | ((value << at) & mask);
}

template <class Wide>
std::uint64_t word64(const Wide& wide, int index) {
  return wide[2 * index] | static_cast<std::uint64_t>(wide[2 * index + 1]) << 32;
}

void append_words(std::deque<std::uint64_t>& beats, const Bytes& bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    for (std::size_t b = 0; b < 8 && at + b < bytes.size(); ++b)
      word |= std::uint64_t{bytes[at + b]} << (8 * b);
    beats.push_back(word);
  }
}

}  // namespace

MapBench::MapBench() {
  for (int i = 0; i < 5000 && !(read(packet_regs::maps::kStatus) & 1); ++i) step();
  EXPECT_EQ(read(packet_regs::maps::kStatus), 1u) << "the map unit does not become ready";
}

void MapBench::drive() {
  auto& top = bench_.top;
  top.map_valid_i = 0;
  top.map_last_i = 0;
  top.data_valid_i = 0;
  for (int e = 0; e < kEngines; ++e) {
    Engine& engine = engines_[e];
    if (!engine.beats.empty()) {
      top.map_valid_i |= 1u << e;
      if (engine.beats.size() == 1) top.map_last_i |= 1u << e;
      put(top.map_op_i, e * 3, 3, engine.op);
      put(top.map_id_i, e * 6, 6, engine.map);
      put(top.map_flags_i, e * 3, 3, engine.flags);
      put(top.map_data_i, e * 64, 64, engine.beats.front());
    }
    if (!engine.data_beats.empty()) {
      top.data_valid_i |= 1u << e;
      put(top.data_op_i, e * 4, 4, engine.data_op);
      put(top.data_size_i, e * 2, 2, engine.size);
      put(top.data_offset_i, e * 24, 24, engine.offset);
      put(top.data_wdata_i, e * 64, 64, engine.data_beats.front());
    }
  }
}

void MapBench::step() {
  drive();
  bench_.settle();
  auto& top = bench_.top;
  for (int e = 0; e < kEngines; ++e) {
    Engine& engine = engines_[e];
    std::uint32_t bit = 1u << e;
    if (top.map_rvalid_o & bit) {
      EXPECT_TRUE(engine.map_busy && engine.beats.empty()) << "an answer that nobody asked for, engine " << e;
      engine.r0 = word64(top.map_r0_o, e / kEnginesPerPort);
      engine.map_busy = false;
      engine.latency = static_cast<int>(cycles_ - engine.offered);
      ++answered_;
    }
    if (top.data_rvalid_o & bit) {
      EXPECT_TRUE(engine.data_busy && engine.data_beats.empty())
          << "data that nobody asked for, engine " << e;
      engine.old = word64(top.data_rdata_o, e / kEnginesPerPort);
      engine.data_busy = false;
      engine.latency = static_cast<int>(cycles_ - engine.offered);
    }
    if (top.map_valid_i & top.map_ready_o & bit) {
      engine.beats.pop_front();
      if (engine.beats.size() == 1) engine.offered = cycles_ + 1;
    }
    if (top.data_valid_i & top.data_ready_o & bit) {
      engine.data_beats.pop_front();
      if (engine.data_beats.empty() && !engine.wants_answer) engine.data_busy = false;
    }
  }
  bench_.clock();
  ++cycles_;
}

void MapBench::start(int e, MapOp op, std::uint8_t map, const Bytes& key, const Bytes& value,
                     std::uint64_t flags) {
  Engine& engine = engines_[e];
  ASSERT_FALSE(engine.map_busy);
  engine.op = static_cast<std::uint8_t>(op);
  engine.map = map;
  engine.flags = static_cast<std::uint8_t>(std::min<std::uint64_t>(flags, 4));
  append_words(engine.beats, key);
  if (op == MapOp::kUpdate) append_words(engine.beats, value);
  engine.map_busy = true;
  engine.offered = cycles_;
}

void MapBench::access(int e, DataOp op, std::uint32_t address, unsigned size, std::uint64_t operand,
                      std::uint64_t expected) {
  Engine& engine = engines_[e];
  ASSERT_FALSE(engine.data_busy);
  engine.data_op = static_cast<std::uint8_t>(op);
  engine.size = static_cast<std::uint8_t>(__builtin_ctz(size));
  engine.offset = address & 0xff'ffff;
  if (op == DataOp::kCompareExchange) engine.data_beats.push_back(expected);
  engine.data_beats.push_back(operand);
  engine.wants_answer = op == DataOp::kLoad || static_cast<int>(op) >= 8;
  engine.data_busy = true;
  engine.offered = cycles_;
}

std::uint64_t MapBench::call(int engine, MapOp op, std::uint8_t map, const Bytes& key, const Bytes& value,
                             std::uint64_t flags) {
  start(engine, op, map, key, value, flags);
  for (int i = 0; i < 100'000 && !map_idle(engine); ++i) step();
  EXPECT_TRUE(map_idle(engine)) << "no answer";
  return r0(engine);
}

std::uint64_t MapBench::load(std::uint32_t address, unsigned size, int engine) {
  access(engine, DataOp::kLoad, address, size);
  for (int i = 0; i < 1000 && !data_idle(engine); ++i) step();
  EXPECT_TRUE(data_idle(engine)) << "no data";
  return old(engine);
}

void MapBench::store(std::uint32_t address, unsigned size, std::uint64_t value, int engine) {
  access(engine, DataOp::kStore, address, size, value);
  for (int i = 0; i < 1000 && !data_idle(engine); ++i) step();
}

void MapBench::write(std::uint32_t offset, std::uint32_t value) {
  bench_.top.write_i = 1;
  bench_.top.address_i = static_cast<std::uint16_t>(offset);
  bench_.top.wdata_i = value;
  step();
  bench_.top.write_i = 0;
  bench_.settle();
  register_error_ = bench_.top.error_o;
}

std::uint32_t MapBench::read(std::uint32_t offset) {
  bench_.top.read_i = 1;
  bench_.top.address_i = static_cast<std::uint16_t>(offset);
  step();
  bench_.top.read_i = 0;
  bench_.settle();
  register_error_ = bench_.top.error_o;
  return bench_.top.rdata_o;
}

std::uint64_t MapBench::host(std::uint32_t operation, std::uint8_t map, const Bytes& key, const Bytes& value,
                             std::uint32_t flags) {
  auto fill = [&](std::uint32_t offset, const Bytes& bytes, std::uint32_t words) {
    for (std::uint32_t w = 0; w < words; ++w) {
      std::uint32_t word = 0;
      for (std::uint32_t b = 0; b < 4 && 4 * w + b < bytes.size(); ++b)
        word |= std::uint32_t{bytes[4 * w + b]} << (8 * b);
      write(offset + 4 * w, word);
    }
  };
  fill(packet_regs::maps::kKey, key, 8);
  if (!value.empty()) fill(packet_regs::maps::kValue, value, 16);
  write(packet_regs::maps::kMap, map);
  write(packet_regs::maps::kFlags, flags);
  write(packet_regs::maps::kOperation, operation);
  EXPECT_FALSE(register_error_);
  for (int i = 0; i < 100'000 && read(packet_regs::maps::kStatus) != 1; ++i) {
  }
  EXPECT_EQ(read(packet_regs::maps::kStatus), 1u);
  return read(packet_regs::maps::kResultLow) | std::uint64_t{read(packet_regs::maps::kResultHigh)} << 32;
}

void MapBench::define(const bpf::MapDescriptor& map, std::uint32_t first_slot) {
  write(packet_regs::maps::kDefineLayout,
        static_cast<std::uint32_t>(map.type) | map.key_size << 8 | map.value_size << 16);
  write(packet_regs::maps::kDefineEntries, map.max_entries);
  bool slots = map.type == bpf::MapType::kHash || map.type == bpf::MapType::kLruHash ||
               map.type == bpf::MapType::kLpmTrie;
  std::uint32_t offset = map.values_address - (slots ? first_slot * map.value_stride() : 0);
  write(packet_regs::maps::kDefineValues, offset & 0xff'ffff);
  write(packet_regs::maps::kDefineSlot, first_slot);
  write(packet_regs::maps::kDefine, map.id);
  EXPECT_FALSE(register_error_);
  step();
  step();
}

void MapBench::write_entry(std::uint8_t map, std::uint32_t index, std::uint32_t word0, std::uint32_t word1,
                           std::uint32_t broadcast) {
  write(packet_regs::maps::kKey, index);
  write(packet_regs::maps::kValue, word0);
  write(packet_regs::maps::kValue + 4, word1);
  write(packet_regs::maps::kValue + 8, broadcast);
  write(packet_regs::maps::kMap, map);
  write(packet_regs::maps::kOperation, 5);
  EXPECT_FALSE(register_error_);
}

}  // namespace faisca::tb
