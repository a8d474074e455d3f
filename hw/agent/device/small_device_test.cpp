// The device in a configuration of other sizes than the default (hw/rtl/CMakeLists.txt): every limit moves
// along.
#include <gtest/gtest.h>

#include <vector>

#include "Vfaisca_small.h"
#include "hw/agent/device/register_device.h"
#include "hw/agent/device/verilated_bus.h"
#include "lib/bpf/assembler.h"

namespace faisca::device {
namespace {

class SmallDevice : public testing::Test {
 protected:
  void SetUp() override {
    auto made =
        RegisterDevice::probe("small", std::make_unique<VerilatedBus<Vfaisca_small>>(VerilatedSettings{}));
    ASSERT_TRUE(made) << made.error().text();
    device_ = std::move(*made);
  }

  RunState run(std::string_view assembly) {
    auto program = bpf::assemble(assembly);
    EXPECT_TRUE(program && device_->load_program(program->slots) && device_->start({}));
    auto state = device_->wait(100'000);
    EXPECT_TRUE(state) << state.error().text();
    return state ? *state : RunState{};
  }

  std::unique_ptr<Device> device_;
};

TEST_F(SmallDevice, ReportsItsSizes) {
  EXPECT_EQ(device_->info().program_slots, 16u);
  EXPECT_EQ(device_->info().memory_bytes, 64u);
  EXPECT_EQ(device_->info().data_bytes, 128u);
  EXPECT_EQ(device_->info().context_bytes, 32u);
}

TEST_F(SmallDevice, UsesTheLastByteOfEachRegionAndFaultsOnTheNext) {
  for (auto [last, next] :
       {std::pair{"0x10000038", "0x10000039"}, {"0x30000078", "0x30000079"}, {"0x40000018", "0x40000019"}}) {
    EXPECT_EQ(run("lddw r1, " + std::string(last) + "\nldxdw r0, [r1+0]\nexit").status, RunStatus::kExited)
        << last;
    EXPECT_EQ(run("lddw r1, " + std::string(next) + "\nldxdw r0, [r1+0]\nexit").fault,
              FaultCause::kOutOfBounds)
        << next;
  }
}

TEST_F(SmallDevice, HoldsAProgramThatFillsItsBankInBothBanks) {
  for (std::uint64_t imm : {1u, 2u, 3u}) {
    std::vector<std::uint64_t> slots(16, 0x07 | imm << 32);  // r0 += imm
    slots.back() = 0x95;
    ASSERT_TRUE(device_->load_program(slots));
    ASSERT_TRUE(device_->start({}));
    EXPECT_EQ(device_->wait(1'000)->r0, 15 * imm);
  }
  EXPECT_EQ(device_->load_program(std::vector<std::uint64_t>(17, 0x95)).error().code,
            Code::kResourceExhausted);
}

TEST_F(SmallDevice, HasNoTracePortBehindABareBus) {
  EXPECT_EQ(device_->set_trace(nullptr).error().code, Code::kUnimplemented);
}

}  // namespace
}  // namespace faisca::device
