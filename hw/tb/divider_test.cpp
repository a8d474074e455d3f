// The divider against C++ arithmetic with RFC 9669's rules for zero and overflow.
#include <gtest/gtest.h>

#include "Vdivider.h"
#include "hw/tb/bench.h"

namespace faisca::tb {
namespace {

struct Mode {
  bool is_64;
  bool is_signed;
  bool want_remainder;
};

std::uint64_t expected(Mode mode, std::uint64_t a, std::uint64_t b) {
  if (!mode.is_64) {
    a = mode.is_signed ? static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(a)})
                       : a & 0xffff'ffff;
    b = mode.is_signed ? static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(b)})
                       : b & 0xffff'ffff;
  }
  std::uint64_t result;
  if (b == 0) {
    result = mode.want_remainder ? a : 0;
  } else if (!mode.is_signed) {
    result = mode.want_remainder ? a % b : a / b;
  } else if (b == ~std::uint64_t{0}) {
    result = mode.want_remainder ? 0 : -a;
  } else {
    auto x = static_cast<std::int64_t>(a), y = static_cast<std::int64_t>(b);
    result = static_cast<std::uint64_t>(mode.want_remainder ? x % y : x / y);
  }
  return mode.is_64 ? result : result & 0xffff'ffff;
}

struct Answer {
  std::uint64_t result;
  int cycles;
};

Answer divide(Bench<Vdivider>& bench, Mode mode, std::uint64_t a, std::uint64_t b) {
  auto& top = bench.top;
  top.start_i = 1;
  top.is_64_i = mode.is_64;
  top.is_signed_i = mode.is_signed;
  top.want_remainder_i = mode.want_remainder;
  top.dividend_i = a;
  top.divisor_i = b;
  bench.cycle();
  top.start_i = 0;
  top.dividend_i = top.divisor_i = 0;  // the operands are taken with start_i
  int cycles = 1;
  for (bench.settle(); !top.done_o && cycles < 100; bench.settle()) {
    bench.clock();
    ++cycles;
  }
  return {top.result_o, cycles};
}

constexpr Mode kModes[] = {{false, false, false}, {false, false, true}, {false, true, false},
                           {false, true, true},   {true, false, false}, {true, false, true},
                           {true, true, false},   {true, true, true}};

TEST(Divider, AgreesOnCornerValues) {
  Bench<Vdivider> bench;
  const std::uint64_t corners[] = {
      0,          1,          2,          3,          13,    0x7fff'ffff, 0x8000'0000, 0xffff'ffff,
      1ull << 32, 1ull << 62, ~0ull >> 1, 1ull << 63, ~0ull, ~1ull,       -13ull,      0xffff'ffff'8000'0000};
  for (Mode mode : kModes)
    for (std::uint64_t a : corners)
      for (std::uint64_t b : corners)
        EXPECT_EQ(divide(bench, mode, a, b).result, expected(mode, a, b))
            << std::hex << a << " / " << b << " 64 " << mode.is_64 << " signed " << mode.is_signed
            << " remainder " << mode.want_remainder;
}

TEST(Divider, AgreesOnRandomValues) {
  Bench<Vdivider> bench;
  Random random;
  SCOPED_TRACE(random.replay());
  for (int i = 0; i < 20'000; ++i) {
    Mode mode = kModes[random.below(8)];
    std::uint64_t a = random.number(), b = random.number();
    ASSERT_EQ(divide(bench, mode, a, b).result, expected(mode, a, b)) << std::hex << a << " / " << b;
  }
}

TEST(Divider, TakesTheCyclesItPromises) {
  Bench<Vdivider> bench;
  EXPECT_EQ(divide(bench, {true, false, false}, ~0ull, 3).cycles, 67);
  EXPECT_EQ(divide(bench, {false, true, false}, 7, 3).cycles, 35);
  EXPECT_EQ(divide(bench, {true, true, true}, 7, 0).cycles, 3);
}

TEST(Divider, StartsAfreshInTheMiddleOfADivision) {
  Bench<Vdivider> bench;
  for (int wait = 0; wait < 70; ++wait) {
    bench.top.start_i = 1;
    bench.top.is_64_i = 1;
    bench.top.dividend_i = 1'000;
    bench.top.divisor_i = 3;
    bench.cycle();
    bench.top.start_i = 0;
    for (int i = 0; i < wait; ++i) bench.cycle();
    EXPECT_EQ(divide(bench, {true, false, false}, 100, 7).result, 14u) << "after " << wait << " cycles";
  }
}

}  // namespace
}  // namespace faisca::tb
