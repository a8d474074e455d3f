#include "hw/model/alu.h"

#include <gtest/gtest.h>

namespace faisca::model {
namespace {

constexpr std::uint8_t kDiv = 0x30, kMod = 0x90, kLsh = 0x60, kArsh = 0xc0, kMov = 0xb0;
constexpr std::uint64_t kMin64 = std::uint64_t{1} << 63;

// The rules of RFC 9669 §4.1 that are easy to get wrong; tests/conformance/vectors covers every instruction.
TEST(Alu, DividesByZeroToZeroAndLeavesTheDividendOfModulo) {
  EXPECT_EQ(alu64(kDiv, 0, 7, 0), 0u);
  EXPECT_EQ(alu64(kMod, 0, 0x700000007, 0), 0x700000007u);
  EXPECT_EQ(alu32(kMod, 0, 0x700000007, 0x100000000), 7u);
  EXPECT_EQ(alu64(kMod, 1, static_cast<std::uint64_t>(-7), 0), static_cast<std::uint64_t>(-7));
}

TEST(Alu, WrapsTheSmallestNumberDividedByMinusOne) {
  EXPECT_EQ(alu64(kDiv, 1, kMin64, ~std::uint64_t{0}), kMin64);
  EXPECT_EQ(alu64(kMod, 1, kMin64, ~std::uint64_t{0}), 0u);
  EXPECT_EQ(alu32(kDiv, 1, 0x80000000, 0xffffffff), 0x80000000u);
  EXPECT_EQ(alu32(kMod, 1, 0x80000000, 0xffffffff), 0u);
}

TEST(Alu, MasksShiftAmounts) {
  EXPECT_EQ(alu64(kLsh, 0, 1, 65), 2u);
  EXPECT_EQ(alu32(kLsh, 0, 1, 33), 2u);
  EXPECT_EQ(alu32(kArsh, 0, 0x7fffffff80000000, 4), 0xf8000000u);
}

TEST(Alu, ExtendsMovesToTheWidthOfTheClass) {
  EXPECT_EQ(alu64(kMov, 8, 0, 0x80), 0xffffffffffffff80u);
  EXPECT_EQ(alu32(kMov, 8, 0, 0x80), 0xffffff80u);
  EXPECT_EQ(alu64(kMov, 32, 0, 0x180000000), 0xffffffff80000000u);
}

TEST(Alu, CutsByteOrderConversions) {
  EXPECT_EQ(byte_order(0xd4, 16, 0x1122334455667788), 0x7788u);
  EXPECT_EQ(byte_order(0xdc, 32, 0x1122334455667788), 0x88776655u);
  EXPECT_EQ(byte_order(0xd7, 64, 0x1122334455667788), 0x8877665544332211u);
}

}  // namespace
}  // namespace faisca::model
