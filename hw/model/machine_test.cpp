#include "hw/model/machine.h"

#include <gtest/gtest.h>

#include "lib/bpf/assembler.h"

namespace faisca::model {
namespace {

struct FakeEnvironment : bpf::Environment {
  std::uint64_t monotonic_ns() override { return 42; }
  std::uint32_t random_u32() override { return 4; }
};

// Runs `text` as it is, unverified: the model must stop whatever it is given.
Outcome run(std::string_view text, std::vector<std::uint8_t> body = {}, RunSettings settings = {}) {
  auto program = bpf::assemble(text);
  if (!program) {
    ADD_FAILURE() << program.error().text();
    return {};
  }
  FakeEnvironment environment;
  auto machine = Machine::create(*program, environment);
  return (*machine)->run_body(body, std::move(settings));
}

TEST(Machine, AnswersR0) {
  auto outcome = run("mov r0, 4\nexit");
  EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.r0, 4u);
  EXPECT_EQ(outcome.retired, 2u);
}

TEST(Machine, PassesAddressAndLengthOfTheMemory) {
  EXPECT_EQ(run("ldxb r0, [r1+2]\nadd r0, r2\nexit", {1, 2, 3}).r0, 6u);
}

TEST(Machine, StopsWithTheCauseAndThePlaceOfAFault) {
  struct Case {
    const char* text;
    bpf::FaultCause cause;
    std::uint32_t pc;
    std::uint64_t address;
  };
  for (const auto& c :
       {Case{"mov r0, 0\nldxw r0, [r0+4]\nexit", bpf::FaultCause::kOutOfBounds, 1, 4},
        Case{"lddw r1, 0x40000000\nstb [r1], 1\nexit", bpf::FaultCause::kReadOnly, 2, 0x40000000},
        Case{"again: ja again", bpf::FaultCause::kBudget, 0, 0},
        Case{"mov r0, 1", bpf::FaultCause::kPcRange, 1, 0}, Case{"ja +7", bpf::FaultCause::kPcRange, 8, 0},
        Case{"mov r10, 1\nexit", bpf::FaultCause::kFramePointerWrite, 0, 0},
        Case{"mov r11, 1\nexit", bpf::FaultCause::kIllegalInstruction, 0, 0},
        Case{"f: call local f\nexit", bpf::FaultCause::kCallDepth, 0, 0},
        Case{"call 4711\nexit", bpf::FaultCause::kBadHelper, 0, 0}}) {
    auto outcome = run(c.text);
    EXPECT_EQ(outcome.fault, c.cause) << c.text << ": " << bpf::fault_name(outcome.fault);
    EXPECT_EQ(outcome.fault_pc, c.pc) << c.text;
    EXPECT_EQ(outcome.fault_address, c.address) << c.text;
  }
}

TEST(Machine, CountsTheBudgetInRetiredInstructions) {
  RunSettings settings;
  settings.budget = 2;
  EXPECT_TRUE(run("mov r0, 1\nexit", {}, settings).ok());
  auto outcome = run("mov r0, 1\nmov r0, 2\nexit", {}, settings);
  EXPECT_EQ(outcome.fault, bpf::FaultCause::kBudget);
  EXPECT_EQ(outcome.retired, 2u);
}

TEST(Machine, KeepsMapsAndGlobalsButNotTheStackBetweenRuns) {
  bpf::AssembleOptions options{
      {{.name = "m", .type = bpf::MapType::kArray, .key_size = 4, .value_size = 8, .max_entries = 1}}};
  auto program = bpf::assemble(
      "lddw r1, map_val(m)\nldxdw r0, [r1]\nadd r0, 1\nstxdw [r1], r0\nldxdw r2, [r10-8]\n"
      "stdw [r10-8], 100\nadd r0, r2\nexit",
      options);
  ASSERT_TRUE(program) << program.error().text();
  FakeEnvironment environment;
  auto machine = Machine::create(*program, environment);
  ASSERT_TRUE(machine);
  EXPECT_EQ((*machine)->run_body({}).r0, 1u);
  EXPECT_EQ((*machine)->run_body({}).r0, 2u);
}

TEST(Machine, ReportsEveryRetiredInstruction) {
  std::vector<std::string> trace;
  RunSettings settings;
  settings.trace = [&](const bpf::Retired& retired) { trace.push_back(bpf::to_text(retired)); };
  run("lddw r1, 7\nstxw [r10-4], r1\nlock fetch add32 [r10-4], r1\nmov r0, 0\nlock cmpxchg32 [r10-4], "
      "r1\nexit",
      {}, settings);
  EXPECT_EQ(trace, (std::vector<std::string>{"pc 0: r1 = 0x7", "pc 2: [0x200001fc] 4 bytes = 0x7",
                                             "pc 3: r1 = 0x7, [0x200001fc] 4 bytes = 0xe", "pc 4: r0 = 0x0",
                                             "pc 5: r0 = 0xe", "pc 6: no effect"}));
}

}  // namespace
}  // namespace faisca::model
