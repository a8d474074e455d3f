#include "hw/agent/device/verilated_device.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "lib/bpf/assembler.h"

namespace faisca::device {
namespace {

using Bytes = std::vector<std::byte>;

Bytes counting(std::size_t size, unsigned first = 1) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(first + i);
  return bytes;
}

class VerilatedDeviceTest : public testing::Test {
 protected:
  void SetUp() override {
    auto made = make_verilated_device();
    ASSERT_TRUE(made) << made.error().text();
    device_ = std::move(*made);
  }

  void load(std::string_view assembly) {
    auto program = bpf::assemble(assembly);
    ASSERT_TRUE(program) << program.error().text();
    auto loaded = device_->load_program(program->slots);
    ASSERT_TRUE(loaded) << loaded.error().text();
  }

  RunState wait() {
    auto state = device_->wait(1'000'000);
    EXPECT_TRUE(state) << state.error().text();
    return state ? *state : RunState{};
  }

  RunState run(std::string_view assembly, const RunSettings& settings = {}) {
    load(assembly);
    auto started = device_->start(settings);
    EXPECT_TRUE(started) << started.error().text();
    return wait();
  }

  Bytes read(std::uint32_t address, std::size_t size) {
    Bytes bytes(size);
    auto status = device_->read_region(address, bytes);
    EXPECT_TRUE(status) << status.error().text();
    return bytes;
  }

  std::unique_ptr<Device> device_;
};

TEST_F(VerilatedDeviceTest, SaysWhatItIs) {
  const DeviceInfo& info = device_->info();
  EXPECT_EQ(info.kind, "verilated");
  EXPECT_EQ(info.version, regs::kVersionValue);
  EXPECT_EQ(info.engines, 1u);
  EXPECT_EQ(info.threads, 1u);
  EXPECT_EQ(info.program_slots, regs::kDefaultProgramSlots);
  EXPECT_EQ(info.memory_bytes, regs::kDefaultMemoryBytes);
  EXPECT_EQ(info.stack_bytes, regs::kStackBytes);
  EXPECT_EQ(info.data_bytes, regs::kDefaultDataBytes);
  EXPECT_EQ(info.context_bytes, regs::kDefaultContextBytes);
}

TEST_F(VerilatedDeviceTest, RunsTheShortestProgram) {
  RunState state = run("mov r0, 4\nexit");
  EXPECT_EQ(state.status, RunStatus::kExited);
  EXPECT_EQ(state.r0, 4u);
  EXPECT_EQ(state.retired, 2u);
}

TEST_F(VerilatedDeviceTest, PassesArgumentsAndStartsOtherRegistersAtZero) {
  RunSettings settings{.arguments = {1, 20, 300, 4'000, 0xffff'0000'0000'0000}};
  std::string_view sum =
      "mov r0, 0\nadd r0, r1\nadd r0, r2\nadd r0, r3\nadd r0, r4\nadd r0, r5\n"
      "add r0, r6\nadd r0, r7\nadd r0, r8\nadd r0, r9\nmov r6, 7\nmov r9, 7\nexit";
  EXPECT_EQ(run(sum, settings).r0, 0xffff'0000'0000'0000u + 4'321);
  EXPECT_EQ(run(sum, settings).r0, 0xffff'0000'0000'0000u + 4'321)
      << "registers of the run before are visible";
}

TEST_F(VerilatedDeviceTest, KeepsBytesOfEveryRegionAtEveryAlignment) {
  for (std::uint32_t base : {regs::kMemoryBase, regs::kStackBase, regs::kDataBase, regs::kContextBase}) {
    for (std::uint32_t shift = 0; shift < 9; ++shift) {
      for (std::size_t size : {1u, 2u, 3u, 4u, 5u, 8u, 13u, 31u}) {
        ASSERT_TRUE(device_->write_region(base, Bytes(48)));
        Bytes sent = counting(size);
        ASSERT_TRUE(device_->write_region(base + shift, sent));
        Bytes all = read(base, 48);
        EXPECT_TRUE(std::equal(sent.begin(), sent.end(), all.begin() + shift));
        EXPECT_EQ(std::count(all.begin(), all.end(), std::byte{0}), static_cast<std::ptrdiff_t>(48 - size));
        EXPECT_EQ(read(base + shift, size), sent);
      }
    }
  }
}

TEST_F(VerilatedDeviceTest, KeepsTheLastByteOfARegionAndRefusesTheNext) {
  const std::uint32_t end = regs::kMemoryBase + device_->info().memory_bytes;
  EXPECT_TRUE(device_->write_region(end - 3, counting(3)));
  EXPECT_EQ(read(end - 3, 3), counting(3));
  auto past = device_->write_region(end - 3, counting(4));
  ASSERT_FALSE(past);
  EXPECT_EQ(past.error().code, Code::kOutOfRange);
  auto nowhere = device_->write_region(0x7000'0000, counting(4));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, Code::kOutOfRange);
}

TEST_F(VerilatedDeviceTest, LoadsAndStoresAcrossWordsAtEveryAlignment) {
  Bytes bytes = counting(40, 0x81);
  ASSERT_TRUE(device_->write_region(regs::kMemoryBase, bytes));
  load("add r1, r2\nldxdw r0, [r1+0]\nstxdw [r3+0], r0\nexit");
  for (std::uint64_t shift = 0; shift < 32; ++shift) {
    ASSERT_TRUE(device_->start({.arguments = {regs::kMemoryBase, shift, regs::kDataBase + 33 - shift}}));
    RunState state = wait();
    ASSERT_EQ(state.status, RunStatus::kExited);
    std::uint64_t expected = 0;
    for (int i = 7; i >= 0; --i) expected = expected << 8 | std::to_integer<std::uint64_t>(bytes[shift + i]);
    EXPECT_EQ(state.r0, expected);
    EXPECT_EQ(read(regs::kDataBase + 33 - shift, 8), Bytes(bytes.begin() + shift, bytes.begin() + shift + 8));
  }
}

TEST_F(VerilatedDeviceTest, ZeroesTheStackOfEveryFrameBeforeARun) {
  // The first run leaves bytes in frame 0 and, through its callee, in frame 1.
  ASSERT_EQ(run("stdw [r10-8], -1\ncall local f\nmov r0, 0\nexit\nf:\nstdw [r10-512], -1\nexit").status,
            RunStatus::kExited);
  EXPECT_EQ(read(regs::kStackBase + 504, 16), Bytes(16, std::byte{0xff}));
  EXPECT_EQ(run("ldxdw r0, [r10-8]\nldxdw r1, [r10+0]\nor r0, r1\nexit").r0, 0u);
}

TEST_F(VerilatedDeviceTest, TrapsAHelperCallAndGoesOnWithItsAnswer) {
  RunState state = run("mov r1, 11\nmov r5, -1\ncall 77\nadd r0, 1\nmov r2, r0\ncall 78\nexit",
                       {.arguments = {0, 22, 33, 44, 0}});
  ASSERT_EQ(state.status, RunStatus::kTrapped);
  EXPECT_EQ(state.helper_id, 77u);
  EXPECT_EQ(state.arguments, (std::array<std::uint64_t, 5>{11, 22, 33, 44, ~0ull}));
  EXPECT_EQ(state.retired, 2u);
  EXPECT_EQ(state.fault_pc, 2u);
  ASSERT_TRUE(device_->resume(0x1'0000'0000));
  state = wait();
  ASSERT_EQ(state.status, RunStatus::kTrapped);
  EXPECT_EQ(state.helper_id, 78u);
  EXPECT_EQ(state.arguments[1], 0x1'0000'0001u);
  ASSERT_TRUE(device_->resume(5));
  state = wait();
  EXPECT_EQ(state.status, RunStatus::kExited);
  EXPECT_EQ(state.r0, 5u);
}

TEST_F(VerilatedDeviceTest, LetsTheHostMoveMemoryWhileAHelperCallWaits) {
  RunSettings settings{.arguments = {regs::kMemoryBase}, .memory = {0, 8}};
  RunState state = run("call 44\nlddw r1, 0x10000010\nldxw r0, [r1+0]\nexit", settings);
  ASSERT_EQ(state.status, RunStatus::kTrapped);
  ASSERT_TRUE(device_->write_region(regs::kMemoryBase + 16, counting(4)));
  ASSERT_TRUE(device_->set_memory_window({16, 20}));
  ASSERT_TRUE(device_->resume(0));
  EXPECT_EQ(wait().r0, 0x0403'0201u);
}

TEST_F(VerilatedDeviceTest, ReportsEveryFaultWithCausePcAndAddress) {
  struct Case {
    std::string_view assembly;
    FaultCause cause;
    std::uint32_t pc;
    std::uint64_t address;
  };
  const Case cases[] = {
      {"mov r0, 1\nmov r11, 1\nexit", FaultCause::kIllegalInstruction, 1, 0},
      {"mov r10, 1\nexit", FaultCause::kFramePointerWrite, 0, 0},
      {"mov r1, 0\nldxb r0, [r1+0]\nexit", FaultCause::kOutOfBounds, 1, 0},
      {"mov r1, -1\nstxb [r1-1], r1\nexit", FaultCause::kOutOfBounds, 1, 0xffff'ffff'ffff'fffe},
      {"lddw r1, 0x110000000\nldxb r0, [r1+0]\nexit", FaultCause::kOutOfBounds, 2, 0x1'1000'0000},
      {"lddw r1, 0x20001000\nldxdw r0, [r1-7]\nexit", FaultCause::kOutOfBounds, 2, 0x2000'0ff9},
      {"lddw r1, 0x40000000\nstb [r1+0], 1\nexit", FaultCause::kReadOnly, 2, 0x4000'0000},
      {"lddw r1, 0x40000000\nlock add [r1+8], r1\nexit", FaultCause::kReadOnly, 2, 0x4000'0008},
      {"f:\ncall local f\nexit", FaultCause::kCallDepth, 0, 0},
      {"l:\nja l", FaultCause::kBudget, 0, 0},
      {"mov r0, 1", FaultCause::kPcRange, 1, 0},
      {"ja -3", FaultCause::kPcRange, 0xffff'fffe, 0},
  };
  for (const Case& c : cases) {
    RunState state = run(c.assembly, {.budget = 100});
    EXPECT_EQ(state.status, RunStatus::kFaulted) << c.assembly;
    EXPECT_EQ(state.fault, c.cause) << c.assembly;
    EXPECT_EQ(state.fault_pc, c.pc) << c.assembly;
    EXPECT_EQ(state.fault_address, c.address) << c.assembly;
  }
}

TEST_F(VerilatedDeviceTest, RetiresExactlyTheBudget) {
  for (std::uint32_t budget : {0u, 1u, 2u, 7u}) {
    RunState state = run("l:\nadd r0, 1\nja l", {.budget = budget});
    EXPECT_EQ(state.fault, FaultCause::kBudget);
    EXPECT_EQ(state.retired, budget);
  }
  EXPECT_EQ(run("mov r0, 1\nexit", {.budget = 2}).status, RunStatus::kExited);
}

TEST_F(VerilatedDeviceTest, GuardsBytesOutsideTheWindows) {
  RunSettings settings{.memory = {16, 24}, .data = {0, 8}};
  EXPECT_EQ(run("lddw r1, 0x10000010\nldxdw r0, [r1+0]\nexit", settings).status, RunStatus::kExited);
  EXPECT_EQ(run("lddw r1, 0x10000010\nldxdw r0, [r1+1]\nexit", settings).fault, FaultCause::kOutOfBounds);
  EXPECT_EQ(run("lddw r1, 0x10000010\nldxb r0, [r1-1]\nexit", settings).fault, FaultCause::kOutOfBounds);
  EXPECT_EQ(run("lddw r1, 0x30000000\nldxb r0, [r1+8]\nexit", settings).fault, FaultCause::kOutOfBounds);
}

TEST_F(VerilatedDeviceTest, KeepsTheHostOutWhileInstructionsExecute) {
  load("l:\nja l");
  ASSERT_TRUE(device_->start({.budget = 1'000'000}));
  EXPECT_EQ(device_->wait(50)->status, RunStatus::kRunning);
  Bytes bytes(4);
  EXPECT_EQ(device_->read_region(regs::kMemoryBase, bytes).error().code, Code::kFailedPrecondition);
  EXPECT_EQ(device_->write_region(regs::kMemoryBase, bytes).error().code, Code::kFailedPrecondition);
  EXPECT_EQ(device_->set_memory_window({}).error().code, Code::kFailedPrecondition);
  EXPECT_EQ(device_->start({}).error().code, Code::kFailedPrecondition);
  EXPECT_EQ(device_->resume(0).error().code, Code::kFailedPrecondition);
  EXPECT_TRUE(device_->stop());
  EXPECT_EQ(wait().status, RunStatus::kIdle);
}

TEST_F(VerilatedDeviceTest, StopsARunAtAnyMoment) {
  load(
      "mov r1, -1\nl:\ndiv r1, 3\nmul r1, r1\nlock fetch add [r10-8], r1\ncall local f\nja l\nf:\nstxdw "
      "[r10-8], r1\nexit");
  for (std::uint64_t cycles = 0; cycles < 300; cycles += 7) {
    ASSERT_TRUE(device_->start({.budget = 1'000'000}));
    ASSERT_TRUE(device_->wait(cycles));
    ASSERT_TRUE(device_->stop());
    EXPECT_EQ(wait().status, RunStatus::kIdle);
  }
  EXPECT_EQ(run("mov r0, 100\nmov r1, 7\ndiv r0, r1\nexit").r0, 14u);
}

TEST_F(VerilatedDeviceTest, SwitchesProgramsOnlyBetweenRuns) {
  RunState state = run("call 1\nmov r0, 1\nexit");
  ASSERT_EQ(state.status, RunStatus::kTrapped);
  load("mov r0, 2\nexit");
  auto third = bpf::assemble("mov r0, 3\nexit");
  auto early = device_->load_program(third->slots);
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, Code::kFailedPrecondition);
  ASSERT_TRUE(device_->resume(0));
  EXPECT_EQ(wait().r0, 1u) << "the run in progress saw the new program";
  ASSERT_TRUE(device_->start({}));
  EXPECT_EQ(wait().r0, 2u);
}

TEST_F(VerilatedDeviceTest, ComesBackToAProgramThatABankStillHolds) {
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(run("mov r0, 1\nexit").r0, 1u);
    EXPECT_EQ(run("mov r0, 2\nmov r0, 2\nexit").r0, 2u);
    EXPECT_EQ(run("mov r0, 2\nmov r0, 2\nexit").r0, 2u);
  }
}

TEST_F(VerilatedDeviceTest, RefusesProgramsThatDoNotFit) {
  EXPECT_EQ(device_->load_program({}).error().code, Code::kInvalidArgument);
  std::vector<std::uint64_t> slots(device_->info().program_slots, 0xb7);
  EXPECT_EQ(device_->load_program(std::vector<std::uint64_t>(slots.size() + 1)).error().code,
            Code::kResourceExhausted);
  slots.back() = 0x95;
  ASSERT_TRUE(device_->load_program(slots));
  ASSERT_TRUE(device_->start({.budget = 100'000}));
  EXPECT_EQ(wait().retired, slots.size());
}

TEST_F(VerilatedDeviceTest, TracesRegistersAndMemoryOfRetiredInstructions) {
  std::vector<RetiredInstruction> trace;
  ASSERT_TRUE(device_->set_trace([&](const RetiredInstruction& r) { trace.push_back(r); }));
  run("lddw r1, 0x1122334455667788\nstxh [r10-2], r1\nldxb r0, [r10-1]\nexit");
  ASSERT_EQ(trace.size(), 4u);
  EXPECT_EQ(trace[0].pc, 0u);
  EXPECT_TRUE(trace[0].writes_register);
  EXPECT_EQ(trace[0].destination, 1);
  EXPECT_EQ(trace[0].value, 0x1122'3344'5566'7788u);
  EXPECT_EQ(trace[1].pc, 2u);
  EXPECT_FALSE(trace[1].writes_register);
  EXPECT_TRUE(trace[1].writes_memory);
  EXPECT_EQ(trace[1].address, regs::kStackBase + 510);
  EXPECT_EQ(trace[1].data, 0x7788u);
  EXPECT_EQ(trace[1].size, 2);
  EXPECT_EQ(trace[2].value, 0x77u);
  EXPECT_FALSE(trace[3].writes_register || trace[3].writes_memory);
  ASSERT_TRUE(device_->set_trace(nullptr));
  run("mov r0, 1\nexit");
  EXPECT_EQ(trace.size(), 4u);
}

// The table of hw/README.md.
TEST_F(VerilatedDeviceTest, SpendsTheCyclesThatThePipelinePromises) {
  struct Case {
    const char* what;
    std::string_view assembly;
    std::uint64_t cycles;
  };
  const Case cases[] = {
      {"ALU", "mov r0, 1", 1},
      {"load", "ldxdw r0, [r10-8]", 1},
      {"load-use", "ldxdw r0, [r10-8]\nmov r1, r0", 3},
      {"load, other instruction, use", "ldxdw r0, [r10-8]\nmov r2, 1\nmov r1, r0", 3},
      {"branch not taken", "jne r0, 0, +0", 1},
      {"branch taken", "jeq r0, 0, +0", 3},
      {"ja", "ja +0", 3},
      {"lddw", "lddw r0, 1", 2},
      {"multiply", "mul r0, r0", 4},
      {"divide 64", "div r0, 3", 68},
      {"divide 32", "mod32 r0, 3", 36},
      {"divide by zero", "div r0, r0", 4},
  };
  (void)run("exit");  // zeroes the stack of unknown contents
  const std::uint64_t base = run("exit").cycles;
  EXPECT_EQ(base, 17u) << "start, one instruction through five stages, stop";
  for (const Case& c : cases)
    EXPECT_EQ(run(std::string(c.assembly) + "\nexit").cycles - base, c.cycles) << c.what;
  EXPECT_EQ(run("call local f\nexit\nf:\nexit").cycles - base, 8u + 3u) << "local call and return";
  EXPECT_EQ(run("stdw [r10-8], 1\nexit").cycles - base, 1u);
  EXPECT_EQ(run("lock add [r10-8], r0\nexit").cycles - base, 3u + 32u) << "atomic, after one frame to zero";
}

}  // namespace
}  // namespace faisca::device
