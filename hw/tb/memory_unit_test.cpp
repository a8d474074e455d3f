// The memory unit against plain byte arrays: random regions, sizes and alignments, and the stack's zeroing.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "Vmemory_unit.h"
#include "hw/regs/regs.h"
#include "hw/tb/bench.h"

namespace faisca::tb {
namespace {

constexpr int kStack = 1;  // index of the one-hot region

class MemoryUnit : public testing::Test {
 protected:
  void write(int region, std::uint32_t offset, unsigned size, std::uint64_t value) {
    auto& top = bench_.top;
    top.write_i = 1;
    top.region_i = 1u << region;
    top.offset_i = offset;
    top.byte_enable_i = (1u << size) - 1;
    top.wdata_i = value;
    bench_.cycle();
    top.write_i = 0;
  }

  std::uint64_t read(int region, std::uint32_t offset, unsigned size) {
    auto& top = bench_.top;
    top.read_i = 1;
    top.region_i = 1u << region;
    top.offset_i = offset;
    bench_.cycle();
    top.read_i = 0;
    bench_.settle();
    return size == 8 ? top.rdata_o : top.rdata_o & ((std::uint64_t{1} << (8 * size)) - 1);
  }

  // As run_control does it: the lowest dirty frame, line by line.
  int clear_stack() {
    auto& top = bench_.top;
    int cycles = 0;
    for (bench_.settle(); top.dirty_frames_o != 0; bench_.settle()) {
      unsigned frame = static_cast<unsigned>(__builtin_ctz(top.dirty_frames_o));
      for (unsigned line = 0; line < 32; ++line, ++cycles) {
        top.clear_i = 1;
        top.clear_line_i = static_cast<std::uint8_t>(frame * 32 + line);
        bench_.cycle();
      }
      top.clear_i = 0;
    }
    return cycles;
  }

  Bench<Vmemory_unit> bench_;
};

TEST_F(MemoryUnit, AgreesWithByteArraysOnRandomAccesses) {
  Random random;
  SCOPED_TRACE(random.replay());
  const std::array<std::uint32_t, 4> sizes = {regs::kDefaultMemoryBytes, regs::kStackBytes,
                                              regs::kDefaultDataBytes, regs::kDefaultContextBytes};
  std::array<std::vector<std::uint8_t>, 4> model;
  for (int r = 0; r < 4; ++r) {
    model[r].resize(sizes[r]);
    for (std::uint32_t offset = 0; offset < sizes[r]; offset += 8) write(r, offset, 8, 0);
  }
  for (int i = 0; i < 100'000; ++i) {
    const int region = static_cast<int>(random.below(4));
    const unsigned size = 1u << random.below(4);
    const std::uint32_t last = sizes[region] - size;
    // Near the ends and in a small stretch, so that accesses meet.
    const auto offset =
        static_cast<std::uint32_t>(random.one_in(3) ? last - random.below(32) : random.below(40));
    if (offset > last) continue;
    std::uint8_t* bytes = model[region].data() + offset;
    if (random.one_in(2)) {
      const std::uint64_t value = random.number();
      write(region, offset, size, value);
      for (unsigned b = 0; b < size; ++b) bytes[b] = static_cast<std::uint8_t>(value >> (8 * b));
    } else {
      std::uint64_t expected = 0;
      for (unsigned b = size; b-- > 0;) expected = expected << 8 | bytes[b];
      ASSERT_EQ(read(region, offset, size), expected)
          << "region " << region << " offset " << offset << " size " << size;
    }
  }
}

TEST_F(MemoryUnit, ZeroesExactlyTheFramesThatWereWritten) {
  EXPECT_EQ(clear_stack(), 8 * 32) << "after reset nothing is known of the stack";
  EXPECT_EQ(clear_stack(), 0);
  write(kStack, 512 + 505, 1, 0xff);
  EXPECT_EQ(clear_stack(), 2 * 32) << "an access near the end counts for the next frame too";
  write(kStack, 3 * 512, 1, 0xff);
  EXPECT_EQ(bench_.top.dirty_frames_o, 1u << 3);
  write(kStack, 3 * 512 - 4, 8, ~std::uint64_t{0});
  clear_stack();
  for (std::uint32_t offset = 0; offset < regs::kStackBytes; offset += 8)
    EXPECT_EQ(read(kStack, offset, 8), 0u) << offset;
}

TEST_F(MemoryUnit, KeepsWhatWasReadUntilTheNextRead) {
  write(0, 8, 8, 0x1122'3344'5566'7788);
  EXPECT_EQ(read(0, 8, 8), 0x1122'3344'5566'7788u);
  write(2, 0, 8, 1);
  bench_.cycle();
  bench_.settle();
  EXPECT_EQ(bench_.top.rdata_o, 0x1122'3344'5566'7788u);
}

}  // namespace
}  // namespace faisca::tb
