#include "tests/conformance/suite.h"

#include <gtest/gtest.h>

#include "tests/conformance/test_file.h"

namespace faisca::conformance {
namespace {

Judgement judge(const std::string& text) {
  auto target = make_model_target();
  return run_test(text, *target);
}

TEST(Suite, PassesWhatGivesTheResult) {
  EXPECT_EQ(judge("-- asm\nmov %r0, -1\nexit\n-- result\n0xffffffffffffffff\n").verdict, Verdict::kPassed);
  EXPECT_EQ(judge("-- asm\nmov %r0, 42\nexit\n-- result\n42\n").verdict, Verdict::kPassed);
  EXPECT_EQ(judge("-- result\r\n-7\r\n-- asm\r\nmov %r0, -7 # why\r\nexit\r\n").verdict, Verdict::kPassed);
  EXPECT_EQ(judge("-- raw\n0x00000004000000b7\n149\n-- result\n4\n").verdict, Verdict::kPassed);
}

TEST(Suite, FailsWhatGivesAnother) {
  EXPECT_EQ(judge("-- asm\nmov %r0, 1\nexit\n-- result\n0x2\n").reason, "R0 is 0x1, expected 0x2");
  EXPECT_EQ(judge("-- asm\nldxb %r0, [%r1]\nexit\n-- result\n0\n").reason,
            "fault: memory access out of bounds at instruction 0");
  EXPECT_EQ(judge("-- asm\nnonsense\n-- result\n0\n").verdict, Verdict::kFailed);
  EXPECT_EQ(judge("-- asm\nexit\n-- result\nmany\n").reason, "section result: `many` is not a 64-bit number");
}

TEST(Suite, ExpectsErrors) {
  EXPECT_EQ(judge("-- asm\nnonsense\n-- error\nunknown mnemonic\n").verdict, Verdict::kPassed);
  EXPECT_EQ(judge("-- asm\nja -1\n-- error\nloop\n").verdict, Verdict::kPassed);
  EXPECT_EQ(judge("-- asm\nldxb %r0, [%r1]\nexit\n-- error\nbounds\n").verdict, Verdict::kPassed);
  EXPECT_EQ(judge("-- asm\nmov %r0, 1\nexit\n-- error\n").reason, "an error is expected; R0 is 0x1");
  EXPECT_EQ(judge("-- asm\ncall runtime 0x2a\nexit\n-- result\n0x0\n-- error\n").verdict, Verdict::kPassed);
}

TEST(Suite, SkipsWhatIsNotForUs) {
  EXPECT_EQ(judge("-- asm\nexit\n").verdict, Verdict::kSkipped);
  EXPECT_EQ(judge("-- surprise\n-- asm\nexit\n-- result\n0\n").reason, "unknown section `-- surprise`");
  EXPECT_EQ(judge("-- asm\nmov %r2, 5\ncall %r2\nmov %r0, 2\nexit\n-- result\n2\n").verdict,
            Verdict::kSkipped);
}

TEST(Suite, IgnoresNotesAndCSections) {
  EXPECT_EQ(judge("-- c\nint entry() { return 3; }\n-- asm\nmov r0, 3\nexit\n-- result\n3\n-- no register "
                  "offset\ncall\n")
                .verdict,
            Verdict::kPassed);
}

TEST(TestFile, ReadsMemoryInEveryNotation) {
  auto test = parse_test_file("-- mem\naa 0xbb # c\nccdd 1\n-- asm\nexit\n-- result\n0\n");
  ASSERT_TRUE(test);
  EXPECT_EQ(test->memory, (std::vector<std::uint8_t>{0xaa, 0xbb, 0xcc, 0xdd, 0x01}));
  EXPECT_FALSE(parse_test_file("-- mem\nxy\n-- asm\nexit\n-- result\n0\n"));
}

TEST(TestFile, CutsHexadecimalImmediatesThatAreTooWide) {
  EXPECT_EQ(judge("-- asm\nmov32 r0, 0x876543210\nexit\n-- result\n0x76543210\n").verdict, Verdict::kPassed);
}

}  // namespace
}  // namespace faisca::conformance
