#include "lib/bpf/verifier.h"

#include <gtest/gtest.h>

#include "lib/bpf/assembler.h"
#include "lib/bpf/instruction.h"

namespace faisca::bpf {
namespace {

Program program_of(std::string_view text) {
  AssembleOptions options{
      {{.name = "table", .type = MapType::kArray, .key_size = 4, .value_size = 8, .max_entries = 2}}};
  auto program = assemble(text, options);
  if (!program) ADD_FAILURE() << program.error().text();
  return program ? *program : Program{};
}

std::string refusal(const Program& program, const VerifierSettings& settings = {}) {
  auto status = verify(program, settings);
  return status ? "accepted" : status.error().message;
}

std::string refusal(std::string_view text) { return refusal(program_of(text)); }

TEST(Verifier, AcceptsLoopsCallsMapsAndTheStack) {
  EXPECT_EQ(refusal("mov r0, 0\nmov r1, 9\nagain: add r0, r1\nsub r1, 1\njne r1, 0, again\nexit"),
            "accepted");
  EXPECT_EQ(refusal("call local f\nexit\nf: mov r0, 1\nexit"), "accepted");
  EXPECT_EQ(refusal("stdw [r10-512], 1\nldxb r0, [r10-1]\nexit"), "accepted");
  EXPECT_EQ(refusal("stw [r10-4], 0\nmov r2, r10\nadd r2, -4\nlddw r1, map_by_fd(table)\ncall 1\nexit"),
            "accepted");
  EXPECT_EQ(refusal("exit\nmov r0, 1"), "accepted") << "what nothing reaches may end anyhow";
}

TEST(Verifier, NamesInstructionDisassemblyAndReason) {
  EXPECT_EQ(refusal("mov r0, 0\nja +5\nexit"),
            "instruction 1 (`goto +5`): jumps to slot 7, outside the program of 3 slots");
  EXPECT_EQ(refusal("ja -2\nexit"),
            "instruction 0 (`goto -2`): jumps to slot -1, outside the program of 2 slots");
  EXPECT_EQ(refusal("ja +1\nlddw r0, 1\nexit"),
            "instruction 0 (`goto +1`): jumps into slot 2, the second half of an lddw");
  EXPECT_EQ(refusal("mov r0, 1"), "instruction 0 (`r0 = 1`): execution falls off the end of the program");
  EXPECT_EQ(refusal("mov r10, 1\nexit"), "instruction 0 (`unknown 0x100000ab7`): r10 is read-only");
  EXPECT_EQ(refusal("ldxdw r0, [r10-4]\nexit"),
            "instruction 0 (`r0 = *(u64 *)(r10 - 4)`): stack access out of bounds: bytes -4 to 4 from r10; a "
            "frame has 512 bytes "
            "below it");
  EXPECT_EQ(refusal("stb [r10-513], 0\nexit").substr(0, 64),
            "instruction 0 (`*(u8 *)(r10 - 513) = 0`): stack access out of bo");
}

TEST(Verifier, RefusesUnknownHelpersAndMaps) {
  EXPECT_EQ(refusal("call 999\nexit"), "instruction 0 (`call 999`): unknown helper 999");
  EXPECT_EQ(refusal("mov r2, r10\nmov r1, 7\ncall 1\nexit"),
            "instruction 2 (`call map_lookup_elem#1`): R1 holds 7, which is no map of this program");
  EXPECT_EQ(refusal("call 44\nexit"),
            "instruction 0 (`call xdp_adjust_head#44`): helper xdp_adjust_head needs the convention xdp; "
            "this program has mem");
  Program xdp = program_of("call 44\nexit");
  xdp.convention = Convention::kXdp;
  EXPECT_EQ(refusal(xdp), "accepted");
}

TEST(Verifier, FollowsStackPointersThroughStraightLineCode) {
  EXPECT_NE(refusal("mov r1, r10\nadd r1, -600\nstdw [r1], 0\nexit"), "accepted");
  EXPECT_NE(refusal("mov r1, r10\nsub r1, 8\nldxdw r0, [r1+8]\nexit"), "accepted");
  EXPECT_NE(refusal("mov r2, r10\nadd r2, -2\nlddw r1, map_by_fd(table)\ncall 1\nexit"), "accepted")
      << "a key of 4 bytes";
  EXPECT_NE(
      refusal("mov r2, r10\nadd r2, -4\nmov r3, r2\nmov r4, 0\nlddw r1, map_by_fd(table)\ncall 2\nexit"),
      "accepted");
  EXPECT_EQ(refusal("mov r1, r10\nadd r1, -600\nadd r1, 592\nstdw [r1], 0\nexit"), "accepted");
  EXPECT_EQ(refusal("mov r1, r10\nadd r1, -600\nldxdw r1, [r10-8]\nstdw [r1], 0\nexit"), "accepted")
      << "no longer known";
  EXPECT_EQ(refusal("mov r1, r10\nadd r1, -600\njeq r2, 0, +1\nmov r1, r2\nstdw [r1], 0\nexit"), "accepted")
      << "paths join";
  EXPECT_EQ(refusal("mov r1, 7\nja +1\nmov r1, 9\ncall 1\nexit"), "accepted")
      << "the device checks the handle";
}

TEST(Verifier, NamesTheLoopThatNeverEnds) {
  EXPECT_EQ(refusal("mov r0, 0\nagain: add r0, 1\nja again"),
            "instruction 1 (`r0 += 1`): endless loop: no exit can be reached from slots 1 to 2");
  EXPECT_EQ(refusal("jeq r1, 0, stuck\nexit\nstuck: ja stuck").substr(0, 40),
            "instruction 2 (`goto -1`): endless loop:");
  EXPECT_EQ(refusal("call local f\nexit\nf: ja f").substr(0, 40), "instruction 2 (`goto -1`): endless loop:");
}

TEST(Verifier, RefusesRecursionAndDeepCalls) {
  EXPECT_EQ(refusal("call local f\nexit\nf: call local f\nexit").substr(0, 45),
            "instruction 2 (`call pc-1`): recursion: the f");
  std::string nest;
  for (int i = 0; i < 8; ++i)
    nest += "f" + std::to_string(i) + ": call local f" + std::to_string(i + 1) + "\nexit\n";
  EXPECT_EQ(refusal(nest + "f8: exit"),
            "instruction 0 (`call pc+1`): starts a chain of 9 nested frames; the device has 8");
  // A hostile chain of thousands must not take our own stack.
  std::string deep;
  for (int i = 0; i < 1500; ++i)
    deep += "f" + std::to_string(i) + ": call local f" + std::to_string(i + 1) + "\nexit\n";
  EXPECT_NE(refusal(deep + "f1500: exit"), "accepted");
}

TEST(Verifier, KeepsJumpsInsideTheirFunction) {
  Program program = program_of("mov r0, 0\nja +1\nexit\nmov r0, 1\nexit");
  program.functions = {{"main", 0, 3}, {"other", 3, 2}};
  EXPECT_EQ(refusal(program), "instruction 1 (`goto +1`) in main: jumps out of its function into other");
  program.slots[1] = program.slots[0];
  program.slots[2] = program.slots[0];
  EXPECT_EQ(refusal(program),
            "instruction 2 (`r0 = 0`) in main: execution falls through into function other");
}

TEST(Verifier, RefusesWhatDoesNotFitTheDevice) {
  EXPECT_EQ(refusal(Program{}), "the program has no instructions");
  VerifierSettings small;
  small.limits.instruction_slots = 2;
  auto status = verify(program_of("mov r0, 1\nmov r0, 2\nexit"), small);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::kOutOfRange);
  Program cut = program_of("lddw r0, 1\nexit");
  cut.slots.resize(1);
  EXPECT_EQ(refusal(cut), "instruction 0 (`r0 = 0x1 ll`): lddw has no second slot");
  Program outside = program_of("exit");
  outside.entry = 9;
  EXPECT_EQ(refusal(outside), "the entry, slot 9, is outside the program");
  Program data = program_of("exit");
  data.data_bytes = 1 << 30;
  EXPECT_NE(refusal(data), "accepted");
}

TEST(Verifier, LeavesTheFrameToTheDeviceIfAsked) {
  Program program = program_of("stdw [r10-4], 0\nexit");
  EXPECT_NE(refusal(program), "accepted");
  EXPECT_EQ(refusal(program, {.limits = {}, .stack = StackRule::kDevice}), "accepted");
}

}  // namespace
}  // namespace faisca::bpf
