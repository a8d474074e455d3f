#include "lib/io/reactor.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace faisca::io {
namespace {

using namespace std::chrono_literals;

SteadyTime in(Duration duration) { return std::chrono::steady_clock::now() + duration; }

Task<> wait_in(Waitable& place, SteadyTime deadline, std::vector<Wake>& seen) {
  seen.push_back(co_await place.wait(deadline));
}

Task<int> twice(int n) { co_return 2 * n; }
Task<> sum(int& out) {
  for (int i = 0; i < 100000; ++i) out += co_await twice(1);
}

TEST(Task, ResumesItsAwaiterWithoutGrowingTheStack) {
  Reactor reactor;
  int out = 0;
  reactor.spawn(sum(out));
  EXPECT_EQ(out, 200000);
  EXPECT_EQ(reactor.tasks(), 0u);
}

TEST(Reactor, WakesAWaiterFromTheLoopOnly) {
  Reactor reactor;
  Waitable place(reactor);
  std::vector<Wake> seen;
  reactor.spawn(wait_in(place, kNever, seen));
  EXPECT_TRUE(place.is_waited_for());
  place.wake(Wake::kReady);
  place.wake(Wake::kInterrupted);  // nobody waits any more
  EXPECT_TRUE(seen.empty());
  reactor.stop();
  reactor.run();
  EXPECT_EQ(seen, std::vector{Wake::kReady});
}

Task<> deadlines(Reactor& reactor, std::vector<Duration>& late) {
  Waitable place(reactor);
  for (Duration wait : std::vector<Duration>{0ms, 1ms, 99ms, 150ms, -5s}) {
    const SteadyTime deadline = in(wait);
    const Wake wake = co_await place.wait(deadline);
    EXPECT_EQ(wake, Wake::kDeadline);
    late.push_back(std::chrono::steady_clock::now() - deadline);
  }
  reactor.stop();
}

TEST(Reactor, EndsAWaitAtItsDeadlineAndNeverBefore) {
  Reactor reactor;
  std::vector<Duration> late;
  reactor.spawn(deadlines(reactor, late));
  reactor.run();
  ASSERT_EQ(late.size(), 5u);
  for (Duration by : late) EXPECT_GE(by, 0ns);
}

TEST(Reactor, EndsEveryWaitWhenItStops) {
  Reactor reactor;
  std::vector<Wake> seen;
  Waitable a(reactor), b(reactor), c(reactor);
  reactor.spawn(wait_in(a, kNever, seen));
  reactor.spawn(wait_in(b, in(1h), seen));
  reactor.spawn(wait_in(c, in(1s), seen));
  std::thread other([&] { reactor.stop(); });
  reactor.run();
  other.join();
  EXPECT_EQ(seen, (std::vector{Wake::kStopped, Wake::kStopped, Wake::kStopped}));
}

TEST(Reactor, RunsPostedCallsOnItsThread) {
  Reactor reactor;
  std::thread::id ran_on;
  std::thread other([&] {
    reactor.post([&] { ran_on = std::this_thread::get_id(); });
    reactor.stop();
  });
  reactor.run();
  other.join();
  EXPECT_EQ(ran_on, std::this_thread::get_id());
}

}  // namespace
}  // namespace faisca::io
