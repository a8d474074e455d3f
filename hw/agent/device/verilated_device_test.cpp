#include "hw/agent/device/verilated_device.h"

#include <gtest/gtest.h>

namespace faisca::device {
namespace {

constexpr std::uint64_t slot(std::uint8_t opcode, unsigned dst, unsigned src, std::int16_t offset,
                             std::int32_t imm) {
  return static_cast<std::uint64_t>(opcode) | static_cast<std::uint64_t>(dst) << 8 |
         static_cast<std::uint64_t>(src) << 12 |
         static_cast<std::uint64_t>(static_cast<std::uint16_t>(offset)) << 16 |
         static_cast<std::uint64_t>(static_cast<std::uint32_t>(imm)) << 32;
}

TEST(VerilatedDevice, RunsTheShortestProgram) {
  auto device = make_verilated_device();
  ASSERT_TRUE(device) << device.error().text();
  const std::uint64_t program[] = {slot(0xb7, 0, 0, 0, 4), slot(0x95, 0, 0, 0, 0)};
  ASSERT_TRUE((*device)->load_program(program));
  ASSERT_TRUE((*device)->start({}));
  auto state = (*device)->wait(10'000);
  ASSERT_TRUE(state) << state.error().text();
  EXPECT_EQ(state->status, RunStatus::kExited);
  EXPECT_EQ(state->r0, 4u);
  EXPECT_EQ(state->retired, 2u);
}

}  // namespace
}  // namespace faisca::device
