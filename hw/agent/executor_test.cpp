#include "hw/agent/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hw/agent/program_store.h"
#include "hw/agent/test_support.h"

namespace faisca::agent {
namespace {

using testing::HasSubstr;

class ExecutorTest : public testing::Test {
 protected:
  void SetUp() override {
    auto made = Executor::create(verilated, clock_);
    ASSERT_TRUE(made) << made.error().text();
    executor_ = *std::move(made);
  }

  ProgramPtr program(const std::string& name, const std::string& function = "f") {
    auto stored = store_.add({.object = object(name), .entry = "", .convention = {}, .function = function});
    EXPECT_TRUE(stored) << stored.error().text();
    return stored.value();
  }
  Result<Outcome> run(const ProgramPtr& program, std::string_view memory = {},
                      std::uint32_t budget = 1'000'000) {
    return executor_->run(program, {.memory = memory, .budget = budget}, [] { return Status(); });
  }

  FakeClock clock_;
  ProgramStore store_{16, bpf::DeviceLimits{}};
  std::unique_ptr<Executor> executor_;
};

TEST_F(ExecutorTest, AnswersFour) {
  const auto outcome = run(program("four"));
  ASSERT_TRUE(outcome) << outcome.error().text();
  EXPECT_EQ(outcome->r0, 4u);
  EXPECT_EQ(outcome->instructions, 2u);
  EXPECT_GT(outcome->cycles, 0u);
}

TEST_F(ExecutorTest, ChecksumsRandomBodiesAsSoftwareDoes) {
  const ProgramPtr checksum = program("checksum");
  std::mt19937 random(20);
  for (std::size_t size : {0, 1, 2, 3, 17, 64, 255, 1500}) {
    const std::string body = random_bytes(random, size);
    const auto outcome = run(checksum, body);
    ASSERT_TRUE(outcome) << outcome.error().text();
    EXPECT_EQ(outcome->r0, internet_checksum(body)) << size << " bytes";
    EXPECT_EQ(outcome->memory, body);
  }
}

TEST_F(ExecutorTest, ReturnsTheMemoryAsTheProgramLeftIt) {
  const auto outcome = run(program("writer"), "\x01\x02\xff");
  ASSERT_TRUE(outcome) << outcome.error().text();
  EXPECT_EQ(outcome->r0, 3u);
  EXPECT_EQ(outcome->memory, std::string("\xfe\xfd\x00", 3));
}

TEST_F(ExecutorTest, LeavesTheMemoryOutWhenItIsNotWanted) {
  const auto outcome =
      executor_->run(program("writer"), {.memory = "abc", .budget = 1000, .reply = MemoryReply::kOmit},
                     [] { return Status(); });
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->memory, "");
}

TEST_F(ExecutorTest, KeepsMapsAndGlobalsFromCallToCall) {
  const ProgramPtr counter = program("counter");
  EXPECT_EQ(run(counter, "x").value().r0, 1001001u);
  EXPECT_EQ(run(counter, "x").value().r0, 2002002u);
  EXPECT_EQ(run(counter, "y").value().r0, 3003001u);
}

TEST_F(ExecutorTest, ProgramsThatAlternateKeepTheirOwnState) {
  const ProgramPtr a = program("counter", "a"), b = program("counter", "b"), four = program("four");
  for (std::uint64_t i = 1; i <= 4; ++i) {
    EXPECT_EQ(run(a, "x").value().r0, i * 1001001);
    EXPECT_EQ(run(four).value().r0, 4u);
    EXPECT_EQ(run(b, "x").value().r0, (2 * i - 1) * 1001001);
    EXPECT_EQ(run(b, "x").value().r0, 2 * i * 1001001);
  }
}

TEST_F(ExecutorTest, TwoProgramsFitTheTwoBanks) {
  const ProgramPtr four = program("four"), checksum = program("checksum");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(run(four).value().r0, 4u);
    EXPECT_EQ(run(checksum).value().r0, 0xffffu);
  }
  EXPECT_EQ(executor_->loads(), 2u);
}

TEST_F(ExecutorTest, NamesTheInstructionThatFaults) {
  const auto outcome = run(program("fault"), "abc");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::kInternal);
  EXPECT_THAT(outcome.error().message, HasSubstr("*(u8 *)("));
  EXPECT_THAT(outcome.error().message, HasSubstr("offset 3 is outside the memory"));
  EXPECT_EQ(run(program("four")).value().r0, 4u);
}

TEST_F(ExecutorTest, NamesTheHelperCallThatFaults) {
  const auto outcome = run(program("bad_key"));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::kInternal);
  EXPECT_THAT(outcome.error().message, HasSubstr("(call "));
  EXPECT_THAT(outcome.error().message, HasSubstr("in helper map_lookup_elem with R1=0x1 R2=0x1000"));
  EXPECT_EQ(run(program("four")).value().r0, 4u);
}

TEST_F(ExecutorTest, EndsAnEndlessLoopByBudget) {
  const auto outcome = run(program("endless"), "", 5000);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::kDeadlineExceeded);
  EXPECT_THAT(outcome.error().message, HasSubstr("instruction budget of 5000"));
}

TEST_F(ExecutorTest, AnInterruptEndsTheRun) {
  int asked = 0;
  const auto outcome =
      executor_->run(program("endless"), {.memory = {}, .budget = 0xffffffff}, [&]() -> Status {
        if (++asked < 3) return {};
        return fail(Code::kCancelled, "enough");
      });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::kCancelled);
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(run(program("four")).value().r0, 4u);
}

TEST_F(ExecutorTest, RunsXdpProgramsAndMovesThePacketsHead) {
  const std::string packet = "0123456789abcdef";
  const auto outcome = run(program("packet"), packet);
  ASSERT_TRUE(outcome) << outcome.error().text();
  EXPECT_EQ(outcome->r0, 3u);
  EXPECT_EQ(outcome->memory, std::string("\xfa\x15\x01\x00", 4) + packet);
  const auto shorter = run(program("packet"), "short");
  ASSERT_TRUE(shorter) << shorter.error().text();
  EXPECT_EQ(shorter->r0, 1u);
  EXPECT_EQ(shorter->memory, "short");
}

TEST_F(ExecutorTest, ChecksMemoryAgainstTheDevice) {
  const device::DeviceInfo& info = executor_->info();
  EXPECT_TRUE(check_memory(info, bpf::Convention::kMem, info.memory_bytes));
  EXPECT_TRUE(check_memory(info, bpf::Convention::kXdp, info.memory_bytes - 256));
  const Status large = check_memory(info, bpf::Convention::kXdp, info.memory_bytes - 255);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, Code::kOutOfRange);
  EXPECT_THAT(large.error().message, HasSubstr("larger than the device's 65280"));
}

TEST_F(ExecutorTest, TakesAsMuchMemoryAsTheDeviceHas) {
  std::mt19937 random(21);
  const std::string body = random_bytes(random, executor_->info().memory_bytes);
  const auto outcome = run(program("checksum"), body);
  ASSERT_TRUE(outcome) << outcome.error().text();
  EXPECT_EQ(outcome->r0, internet_checksum(body));
}

TEST(Executor, SaysWhenThereIsNoDevice) {
  FakeClock clock;
  const auto made = Executor::create(
      []() -> Result<std::unique_ptr<device::Device>> {
        return fail(Code::kInternal, "register ID reads 0");
      },
      clock);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::kUnavailable);
  EXPECT_THAT(made.error().text(), HasSubstr("while starting the device"));
}

}  // namespace
}  // namespace faisca::agent
