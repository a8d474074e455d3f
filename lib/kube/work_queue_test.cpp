#include "lib/kube/work_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace faisca::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const ObjectKey kA{"ns", "a"};
const ObjectKey kB{"ns", "b"};

class WorkQueueTest : public ::testing::Test {
 protected:
  FakeClock clock_;
  WorkQueue queue_{clock_, {.first_delay = milliseconds(100), .longest_delay = seconds(1), .most = 3}};

  std::string take() {
    const auto key = queue_.try_take();
    return key ? key->name : "";
  }
};

TEST_F(WorkQueueTest, GivesAKeyOnceHoweverOftenItWasAdded) {
  queue_.add(kA);
  queue_.add(kB);
  queue_.add(kA);
  EXPECT_EQ(take(), "a");
  EXPECT_EQ(take(), "b");
  EXPECT_EQ(take(), "");
}

TEST_F(WorkQueueTest, DoesNotGiveAKeyToASecondWorker) {
  queue_.add(kA);
  EXPECT_EQ(take(), "a");
  queue_.add(kA);
  EXPECT_EQ(take(), "");
  queue_.done(kA);
  EXPECT_EQ(take(), "a");
  queue_.done(kA);
  EXPECT_EQ(take(), "");
}

TEST_F(WorkQueueTest, KeepsTheEarliestOfSeveralDueTimes) {
  queue_.add_after(kA, seconds(10));
  queue_.add_after(kA, seconds(2));
  queue_.add_after(kA, seconds(5));
  clock_.advance(seconds(1));
  EXPECT_EQ(take(), "");
  clock_.advance(seconds(1));
  EXPECT_EQ(take(), "a");
  queue_.done(kA);
  clock_.advance(seconds(100));
  EXPECT_EQ(take(), "");
}

TEST_F(WorkQueueTest, KeepsTheDelayOfAKeyAddedWhileItIsWorkedOn) {
  queue_.add(kA);
  EXPECT_EQ(take(), "a");
  queue_.add_after(kA, seconds(3));
  queue_.add_after(kA, seconds(9));
  queue_.done(kA);
  clock_.advance(seconds(2));
  EXPECT_EQ(take(), "");
  clock_.advance(seconds(1));
  EXPECT_EQ(take(), "a");
}

TEST_F(WorkQueueTest, GivesEquallyDueKeysInTheOrderOfArrival) {
  queue_.add(kB);
  queue_.add(kA);
  EXPECT_EQ(take(), "b");
  EXPECT_EQ(take(), "a");
}

TEST_F(WorkQueueTest, WaitsLongerAfterEachFailureUpToALimit) {
  for (const int expected : {100, 200, 400, 800, 1000, 1000}) {
    queue_.add_failed(kA);
    ASSERT_TRUE(queue_.next_due());
    EXPECT_EQ(*queue_.next_due() - clock_.now(), milliseconds(expected));
    clock_.advance(milliseconds(expected));
    ASSERT_EQ(take(), "a");
    queue_.done(kA);
  }
  EXPECT_EQ(queue_.failures(kA), 6);
  queue_.forget(kA);
  queue_.add_failed(kA);
  EXPECT_EQ(*queue_.next_due() - clock_.now(), milliseconds(100));
}

TEST_F(WorkQueueTest, DoesNotOverflowAfterManyFailures) {
  for (int i = 0; i < 100; ++i) {
    queue_.add_failed(kA);
    ASSERT_LE(*queue_.next_due() - clock_.now(), seconds(1));
    clock_.advance(seconds(1));
    ASSERT_EQ(take(), "a");
    queue_.done(kA);
  }
}

TEST_F(WorkQueueTest, DropsAndCountsWhatIsOverItsBound) {
  for (const char* name : {"1", "2", "3", "4", "1"}) queue_.add({"ns", name});
  EXPECT_EQ(queue_.waiting(), 3u);
  EXPECT_EQ(queue_.dropped(), 1u);
}

TEST_F(WorkQueueTest, GivesNothingAfterShutDown) {
  queue_.add(kA);
  queue_.shut_down();
  EXPECT_EQ(take(), "");
  EXPECT_EQ(queue_.take(), std::nullopt);
  queue_.add(kB);
  EXPECT_EQ(queue_.waiting(), 1u);
}

TEST(WorkQueueThreads, GiveEachKeyToOneWorkerAtATime) {
  const RealClock clock;
  WorkQueue queue(clock);
  constexpr int kKeys = 8, kRounds = 500;
  std::array<std::atomic<int>, kKeys> busy{};
  std::atomic<int> overlaps{0}, taken{0};
  std::vector<std::jthread> workers;
  for (int worker = 0; worker < 4; ++worker)
    workers.emplace_back([&] {
      while (const auto key = queue.take()) {
        auto& mine = busy[static_cast<size_t>(std::stoi(key->name))];
        if (mine.fetch_add(1) != 0) ++overlaps;
        ++taken;
        mine.fetch_sub(1);
        queue.done(*key);
      }
    });
  for (int round = 0; round < kRounds; ++round)
    for (int key = 0; key < kKeys; ++key) queue.add({"", std::to_string(key)});
  while (queue.waiting() > 0) std::this_thread::yield();
  queue.shut_down();
  workers.clear();
  EXPECT_EQ(overlaps, 0);
  EXPECT_GE(taken, kKeys);
}

TEST(WorkQueueThreads, WakeWhenADelayedKeyIsDue) {
  const RealClock clock;
  WorkQueue queue(clock);
  queue.add_after(kB, seconds(60));
  queue.add_after(kA, milliseconds(20));
  const SteadyTime begun = clock.now();
  EXPECT_EQ(queue.take(), kA);
  EXPECT_GE(clock.now() - begun, milliseconds(20));
}

}  // namespace
}  // namespace faisca::kube
