#include "lib/bpf/isa.h"

#include <gtest/gtest.h>

#include <set>

namespace faisca::bpf {
namespace {

TEST(Isa, DecodesWhatItEncodes) {
  Instruction i{.opcode = 0x63, .dst = 10, .src = 3, .offset = -8, .imm = -2};
  EXPECT_EQ(decode(encode(i)), i);
  EXPECT_EQ(encode({.opcode = 0xb7, .dst = 0, .imm = 4}), 0x00000004'000000b7u);
}

TEST(Isa, FindsEachRowByItsOwnFields) {
  for (const auto& row : encodings()) {
    Instruction i{.opcode = row.opcode, .offset = row.offset, .imm = row.imm};
    if (row.form == Form::kCallLocal) i.src = kCallLocal;
    const Encoding* found = find_encoding(i);
    ASSERT_NE(found, nullptr) << row.name;
    EXPECT_EQ(found->name, row.name);
    EXPECT_EQ(encoding_problem(i), "") << row.name;
  }
}

TEST(Isa, HasEveryOpcodeOfTheRfcAndNoOther) {
  std::set<int> opcodes;
  for (const auto& row : encodings()) opcodes.insert(row.opcode);
  // 12 ALU operations in four forms (sdiv, smod and movsx share opcodes), neg twice, three END, 11 jumps in
  // four forms, ja, gotol, call, exit, 4 loads, 3 sign-extending loads, 8 stores, 2 atomics, lddw.
  EXPECT_EQ(opcodes.size(), 12u * 4 + 2 + 3 + 11 * 4 + 4 + 4 + 3 + 8 + 2 + 1);
}

TEST(Isa, SaysWhatIsWrongWithAnEncoding) {
  EXPECT_EQ(encoding_problem({.opcode = 0xb7, .dst = 10}), "r10 is read-only");
  EXPECT_EQ(encoding_problem({.opcode = 0xbf, .src = 12}), "register r12 does not exist");
  EXPECT_EQ(encoding_problem({.opcode = 0x95, .imm = 3}), "imm is unused and must be 0, is 3");
  EXPECT_EQ(encoding_problem({.opcode = 0x30}),
            "opcode 0x30 is legacy packet access, which RFC 9669 deprecates");
  EXPECT_EQ(encoding_problem({.opcode = 0x85, .src = 2}),
            "calls by BTF id (src 2) are not available on the device");
  EXPECT_NE(encoding_problem({.opcode = 0x18, .src = 1}), "");
  EXPECT_NE(encoding_problem({.opcode = 0xe5}), "");
  EXPECT_NE(encoding_problem({.opcode = 0xd4, .imm = 8}), "");
}

}  // namespace
}  // namespace faisca::bpf
