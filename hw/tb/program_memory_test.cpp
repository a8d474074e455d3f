// The double instruction memory: what a run sees while the host loads and switches.
#include <gtest/gtest.h>

#include "Vprogram_memory.h"
#include "hw/tb/bench.h"

namespace faisca::tb {
namespace {

class ProgramMemory : public testing::Test {
 protected:
  void write(std::uint32_t slot, std::uint64_t value) {
    bench_.top.write_i = 1;
    bench_.top.write_address_i = slot;
    bench_.top.write_data_i = value;
    bench_.cycle();
    bench_.top.write_i = 0;
  }

  void ask_for_switch(std::uint32_t length) {
    bench_.top.write_length_i = length;
    bench_.top.switch_i = 1;
    bench_.cycle();
    bench_.top.switch_i = 0;
    bench_.cycle();
    bench_.settle();
  }

  std::uint64_t fetch(std::uint32_t pc) {
    bench_.top.fetch_i = 1;
    bench_.top.fetch_pc_i = pc;
    bench_.cycle();
    bench_.top.fetch_i = 0;
    bench_.settle();
    return bench_.top.instruction_o;
  }

  Bench<Vprogram_memory> bench_;
};

TEST_F(ProgramMemory, HasNoProgramAfterReset) {
  fetch(0);
  EXPECT_EQ(bench_.top.out_of_program_o, 1);
}

TEST_F(ProgramMemory, LoadsTheInactiveBankWithoutTouchingTheActiveOne) {
  write(0, 0x11);
  ask_for_switch(1);
  EXPECT_EQ(fetch(0), 0x11u);
  write(0, 0x22);
  EXPECT_EQ(fetch(0), 0x11u);
  ask_for_switch(1);
  EXPECT_EQ(fetch(0), 0x22u);
  ask_for_switch(1);
  EXPECT_EQ(fetch(0), 0x11u) << "the other bank keeps its program";
}

TEST_F(ProgramMemory, WaitsForTheEndOfTheRun) {
  write(0, 0x11);
  ask_for_switch(1);
  const auto bank = bench_.top.active_bank_o;
  bench_.top.run_in_progress_i = 1;
  write(0, 0x22);
  ask_for_switch(1);
  for (int i = 0; i < 20; ++i) bench_.cycle();
  EXPECT_EQ(bench_.top.switch_pending_o, 1);
  EXPECT_EQ(bench_.top.active_bank_o, bank);
  EXPECT_EQ(fetch(0), 0x11u);
  bench_.top.run_in_progress_i = 0;
  bench_.cycle();
  bench_.settle();
  EXPECT_EQ(bench_.top.switch_pending_o, 0);
  EXPECT_NE(bench_.top.active_bank_o, bank);
  EXPECT_EQ(fetch(0), 0x22u);
}

TEST_F(ProgramMemory, BoundsFetchesByTheProgramsLength) {
  for (std::uint32_t slot = 0; slot < 5; ++slot) write(slot, slot);
  ask_for_switch(3);
  for (std::uint32_t pc : {0u, 1u, 2u}) {
    EXPECT_EQ(fetch(pc), pc);
    EXPECT_EQ(bench_.top.out_of_program_o, 0) << pc;
  }
  for (std::uint32_t pc : {3u, 4u, 4096u, 0xffff'ffffu}) {
    fetch(pc);
    EXPECT_EQ(bench_.top.out_of_program_o, 1) << pc;
  }
}

}  // namespace
}  // namespace faisca::tb
