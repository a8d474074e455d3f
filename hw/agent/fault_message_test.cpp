#include "hw/agent/fault_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/bpf/assembler.h"

namespace faisca::agent {
namespace {

using testing::HasSubstr;

bpf::Program program(const char* text) {
  auto made = bpf::assemble(text);
  EXPECT_TRUE(made) << made.error().text();
  return made.value();
}

device::RunState faulted(device::FaultCause cause, std::uint32_t pc, std::uint64_t address = 0) {
  device::RunState state;
  state.status = device::RunStatus::kFaulted;
  state.fault = cause;
  state.fault_pc = pc;
  state.fault_address = address;
  return state;
}

TEST(FaultMessage, NamesInstructionDisassemblyAndAddress) {
  const Error error = fault_error(program("mov r2, 1\nldxb r0, [r1+9]\nexit"),
                                  faulted(device::FaultCause::kOutOfBounds, 1, 0x10000009), 100);
  EXPECT_EQ(error.code, Code::kInternal);
  EXPECT_THAT(error.message, HasSubstr("instruction 1 (r0 = *(u8 *)(r1 + 9))"));
  EXPECT_THAT(error.message, HasSubstr("offset 9 is outside the memory (address 0x10000009)"));
  EXPECT_THAT(error.hint, HasSubstr("compare the pointer"));
}

TEST(FaultMessage, SaysWhenAnAddressBelongsToNoRegion) {
  const Error error =
      fault_error(program("ldxb r0, [r3]\nexit"), faulted(device::FaultCause::kOutOfBounds, 0, 0), 100);
  EXPECT_THAT(error.message, HasSubstr("address 0x0 belongs to no region"));
}

TEST(FaultMessage, BudgetIsADeadline) {
  const Error error = fault_error(program("mov r0, 0\nexit"), faulted(device::FaultCause::kBudget, 1), 4096);
  EXPECT_EQ(error.code, Code::kDeadlineExceeded);
  EXPECT_THAT(error.message, HasSubstr("budget of 4096 is used up at instruction 1 (exit)"));
  EXPECT_THAT(error.hint, HasSubstr("spec.offload.budget"));
}

TEST(FaultMessage, EveryCauseHasWords) {
  for (auto cause :
       {device::FaultCause::kIllegalInstruction, device::FaultCause::kFramePointerWrite,
        device::FaultCause::kReadOnly, device::FaultCause::kCallDepth, device::FaultCause::kPcRange})
    EXPECT_THAT(fault_error(program("exit"), faulted(cause, 7), 1).message,
                testing::Not(HasSubstr("cause ")));
}

TEST(FaultMessage, NamesTheHelperAndWhereItIsCalled) {
  const bpf::HelperCall call{1, {7, 0x20000000, 0, 0, 0}};
  const Error error = helper_error(program("mov r1, 7\ncall 1\nexit"), 1, call, bpf::FaultCause::kBadHelper);
  EXPECT_EQ(error.code, Code::kInternal);
  EXPECT_THAT(error.message, HasSubstr("at instruction 1"));
  EXPECT_THAT(error.message, HasSubstr("map_lookup_elem with R1=0x7 R2=0x20000000"));
}

}  // namespace
}  // namespace faisca::agent
