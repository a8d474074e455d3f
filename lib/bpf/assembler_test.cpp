#include "lib/bpf/assembler.h"

#include <gtest/gtest.h>

#include "lib/bpf/instruction.h"
#include "lib/bpf/isa.h"

namespace faisca::bpf {
namespace {

Instruction one(std::string_view line) {
  auto program = assemble(line);
  if (!program) {
    ADD_FAILURE() << program.error().text();
    return {};
  }
  return decode(program->slots.at(0));
}

std::string problem(std::string_view text) {
  auto program = assemble(text);
  return program ? "" : program.error().message;
}

TEST(Assembler, TakesRegistersNumbersAndCommentsInEveryNotation) {
  Instruction mov{.opcode = 0xb7, .dst = 3, .imm = -1};
  for (const char* line : {"mov %r3, -1", "mov r3, -1", "mov64 r3,0xffffffff", "  MOV R3 -1  # comment",
                           "mov r3, -0x1 ; why", "mov r3, -1 // why"})
    EXPECT_EQ(one(line), mov) << line;
  EXPECT_EQ(one("mov %w1, %w2"), one("mov32 %r1, %r2"));
  EXPECT_EQ(one("mov %r1, %fp"), one("mov %r1, %r10"));
}

TEST(Assembler, TakesMemoryOperands) {
  EXPECT_EQ(one("ldxdw %r0, [%r1+8]"), (Instruction{.opcode = 0x79, .src = 1, .offset = 8}));
  EXPECT_EQ(one("ldxw r0, [r1]"), (Instruction{.opcode = 0x61, .src = 1}));
  EXPECT_EQ(one("stxb [r10 - 0x10], r2"), (Instruction{.opcode = 0x73, .dst = 10, .src = 2, .offset = -16}));
  EXPECT_EQ(one("stdw [r10-8], -1"), (Instruction{.opcode = 0x7a, .dst = 10, .offset = -8, .imm = -1}));
  EXPECT_EQ(one("ldxsh r0, [r1+0xfffe]").offset, -2);
}

TEST(Assembler, TakesAtomicsInEveryNotation) {
  Instruction fetch{.opcode = 0xdb, .dst = 10, .src = 1, .offset = -8, .imm = 0x01};
  for (const char* line : {"lock fetch add [%r10-8], %r1", "atomic fetch add [r10-8], r1",
                           "atomic_fetch_add [r10-8], r1", "lock fetch_add64 [r10-8], r1"})
    EXPECT_EQ(one(line), fetch) << line;
  EXPECT_EQ(one("lock xor32 [r1], r2"), (Instruction{.opcode = 0xc3, .dst = 1, .src = 2, .imm = 0xa0}));
  EXPECT_EQ(one("lock xchg [r1], r2").imm, 0xe1);
  EXPECT_EQ(one("xchg32 [r1], r2"), one("lock xchg32 [r1], r2"));
  EXPECT_EQ(one("cmpxchg [r1], r0, r2"), one("lock cmpxchg [r1], r2"));
}

TEST(Assembler, ResolvesLabelsAndDistances) {
  auto program = assemble("start: jeq %r1, 0, done\nlddw %r0, 1\nja32 start\ndone: exit");
  ASSERT_TRUE(program) << program.error().text();
  EXPECT_EQ(decode(program->slots[0]).offset, 3);
  EXPECT_EQ(decode(program->slots[3]).imm, -4);
  EXPECT_EQ(one("ja +2").offset, 2);
  EXPECT_EQ(one("ja -3").offset, -3);
  EXPECT_EQ(one("jne32 r1, r2, +0x10"), (Instruction{.opcode = 0x5e, .dst = 1, .src = 2, .offset = 16}));
  EXPECT_EQ(one("call local +1"), (Instruction{.opcode = 0x85, .src = 1, .imm = 1}));
}

TEST(Assembler, LetsExitStandForTheFirstExit) {
  auto program = assemble("jeq %r0, 1, exit\nmov %r0, 1\nexit\nexit");
  ASSERT_TRUE(program) << program.error().text();
  EXPECT_EQ(decode(program->slots[0]).offset, 1);
}

TEST(Assembler, TakesEveryMnemonicOfTheTable) {
  for (const auto& row : encodings()) {
    bool by_register = row.form == Form::kAluReg || row.form == Form::kJumpReg;
    std::string source = by_register ? "r2" : "7";
    std::string line = row.name + " ";
    switch (row.form) {
      case Form::kUnary:
        line += "r1";
        break;
      case Form::kJumpImm:
      case Form::kJumpReg:
        line += "r1, " + source + ", +1";
        break;
      case Form::kJump:
      case Form::kJumpLong:
      case Form::kCallLocal:
        line += "+1";
        break;
      case Form::kCallHelper:
        line += "5";
        break;
      case Form::kExit:
        break;
      case Form::kLoad:
        line += "r1, [r2+4]";
        break;
      case Form::kStoreImm:
        line += "[r1+4], 7";
        break;
      case Form::kStoreReg:
      case Form::kAtomic:
        line += "[r1+4], r2";
        break;
      default:
        line += "r1, " + source;
    }
    const Encoding* found = find_encoding(one(line));
    ASSERT_NE(found, nullptr) << line;
    EXPECT_EQ(found->name, row.name) << line;
    EXPECT_EQ(found->form, row.form) << line;
  }
}

TEST(Assembler, NamesTheLineAndTheReason) {
  EXPECT_EQ(problem("mov r0, 1\nbogus r1"), "line 2 `bogus r1`: unknown instruction bogus");
  EXPECT_EQ(problem("mov r16, 1"), "line 1 `mov r16, 1`: `r16` is no register");
  EXPECT_EQ(problem("mov r0"), "line 1 `mov r0`: takes 2 operands, has 1");
  EXPECT_EQ(problem("ja nowhere"), "line 1 `ja nowhere`: label nowhere is not defined");
  EXPECT_EQ(problem("a:\na:\nexit"), "line 2 `a:`: label a is defined twice");
  EXPECT_EQ(problem("mov r0, 0x123456789"),
            "line 1 `mov r0, 0x123456789`: immediate 0x123456789 does not fit into 32 bits");
  EXPECT_EQ(problem("ldxw r0, [r1+70000]"),
            "line 1 `ldxw r0, [r1+70000]`: `[r1+70000]` is no memory operand");
  EXPECT_NE(problem("ja +40000"), "");
  EXPECT_NE(problem("lock nonsense [r1], r2"), "");
  EXPECT_NE(problem("lock"), "");
  EXPECT_NE(problem("____"), "");
  EXPECT_NE(problem("call nowhere 1"), "");
  EXPECT_NE(problem("lddw r1, map_by_fd(none)"), "");
}

TEST(Assembler, LoadsMapsByName) {
  AssembleOptions options{
      {{.name = "table", .type = MapType::kArray, .key_size = 4, .value_size = 8, .max_entries = 2}}};
  auto program = assemble(
      "lddw r1, map_by_fd(table)\nlddw r2, map_val(table)+8\ncall bpf_map_lookup_elem\nexit", options);
  ASSERT_TRUE(program) << program.error().text();
  EXPECT_EQ(decode(program->slots[0]).imm, 1);
  EXPECT_EQ(decode(program->slots[2]).imm, 0x30000008);
  EXPECT_EQ(decode(program->slots[4]).imm, 1);
}

}  // namespace
}  // namespace faisca::bpf
