#include "lib/bpf/disassembler.h"

#include <gtest/gtest.h>

#include "lib/bpf/assembler.h"

namespace faisca::bpf {
namespace {

std::string text_of(std::string_view line) {
  auto program = assemble(line);
  if (!program) return program.error().text();
  return disassemble(program->slots[0], program->slots.size() > 1 ? program->slots[1] : 0);
}

TEST(Disassembler, WritesTheKernelsNotation) {
  EXPECT_EQ(text_of("mov r0, 4"), "r0 = 4");
  EXPECT_EQ(text_of("mov32 r0, r1"), "w0 = w1");
  EXPECT_EQ(text_of("movsx864 r0, r1"), "r0 = (s8)r1");
  EXPECT_EQ(text_of("sdiv r0, -3"), "r0 s/= -3");
  EXPECT_EQ(text_of("arsh32 r3, r4"), "w3 s>>= w4");
  EXPECT_EQ(text_of("neg r1"), "r1 = -r1");
  EXPECT_EQ(text_of("be16 r1"), "r1 = be16 r1");
  EXPECT_EQ(text_of("swap64 r1"), "r1 = bswap64 r1");
  EXPECT_EQ(text_of("ldxsw r1, [r2-4]"), "r1 = *(s32 *)(r2 - 4)");
  EXPECT_EQ(text_of("stxdw [r10-8], r1"), "*(u64 *)(r10 - 8) = r1");
  EXPECT_EQ(text_of("stb [r1+3], 9"), "*(u8 *)(r1 + 3) = 9");
  EXPECT_EQ(text_of("lock fetch and32 [r1+0], r2"), "w2 = fetch lock *(u32 *)(r1 + 0) &= w2");
  EXPECT_EQ(text_of("lock cmpxchg [r1+0], r2"), "r0 = cmpxchg *(u64 *)(r1 + 0), r0, r2");
  EXPECT_EQ(text_of("jsgt32 r1, -1, +3"), "if w1 s> -1 goto +3");
  EXPECT_EQ(text_of("ja32 -2"), "gotol -2");
  EXPECT_EQ(text_of("lddw r1, 0x1122334455667788"), "r1 = 0x1122334455667788 ll");
  EXPECT_EQ(text_of("call 1"), "call map_lookup_elem#1");
  EXPECT_EQ(text_of("call 77"), "call 77");
  EXPECT_EQ(text_of("call local +4"), "call pc+4");
  EXPECT_EQ(disassemble(0xff), "unknown 0xff");
}

TEST(Disassembler, ShowsLabelsFunctionsAndMaps) {
  AssembleOptions options{
      {{.name = "table", .type = MapType::kArray, .key_size = 4, .value_size = 8, .max_entries = 2}}};
  auto program = assemble("lddw r1, map_by_fd(table)\njeq r1, 0, +1\ncall local f\nexit\nf: exit", options);
  ASSERT_TRUE(program) << program.error().text();
  program->functions = {{"main", 0, 5}, {"f", 5, 1}};
  EXPECT_EQ(disassemble(*program),
            "main:\n           0: r1 = map[table]\n           2: if r1 == 0 goto L4\n           3: call f\n"
            "   L4:     4: exit\nf:\n           5: exit\n");
}

TEST(Disassembler, MarksTheInstructionInItsSurroundings) {
  auto program = assemble("mov r0, 1\nlddw r1, 2\nexit");
  ASSERT_TRUE(program);
  EXPECT_EQ(disassemble_around(program->slots, 1), "  0: r0 = 1\n→ 1: r1 = 0x2 ll\n  3: exit\n");
}

}  // namespace
}  // namespace faisca::bpf
