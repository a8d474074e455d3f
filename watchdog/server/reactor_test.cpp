#include "watchdog/server/reactor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <thread>

namespace faisca::watchdog {
namespace {

struct Target final : EventTarget {
  explicit Target(std::function<void(int)> handler) : handle(std::move(handler)) {}
  void on_event(int tag, uint32_t) override { handle(tag); }
  std::function<void(int)> handle;
};

struct Pipe {
  Pipe() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    read.reset(ends[0]);
    write.reset(ends[1]);
    EXPECT_EQ(::write(write.get(), "x", 1), 1);
  }
  UniqueFd read, write;
};

TEST(Reactor, DeliversNoEventOfAWatchThatEndedInTheSameRound) {
  auto reactor = *Reactor::create();
  Pipe a, b;
  Watch first, second;
  int events = 0;
  Target target([&](int) {
    ++events;
    first.stop();
    second.stop();
    reactor->stop();
  });
  ASSERT_TRUE(first.start(*reactor, a.read.get(), EPOLLIN, target, 1));
  ASSERT_TRUE(second.start(*reactor, b.read.get(), EPOLLIN, target, 2));
  reactor->run();
  EXPECT_EQ(events, 1);
}

TEST(Reactor, DoesNotTakeANewWatchForAnOldOne) {
  auto reactor = *Reactor::create();
  Pipe a, b, empty;
  char byte;
  ASSERT_EQ(::read(empty.read.get(), &byte, 1), 1);
  Watch first, second, replacement;
  int wrong = 0;
  Target never([&](int) { ++wrong; });
  Target target([&](int) {
    first.stop();
    second.stop();
    ASSERT_TRUE(replacement.start(*reactor, empty.read.get(), EPOLLIN, never, 0));  // takes the slot
    reactor->stop();
  });
  ASSERT_TRUE(first.start(*reactor, a.read.get(), EPOLLIN, target, 1));
  ASSERT_TRUE(second.start(*reactor, b.read.get(), EPOLLIN, target, 2));
  reactor->run();
  EXPECT_EQ(wrong, 0);
}

TEST(Reactor, RunsPostedWorkInOrder) {
  auto reactor = *Reactor::create();
  std::vector<int> order;
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) reactor->post([&order, i] { order.push_back(i); });
    reactor->stop();
  });
  reactor->run();
  other.join();
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(Timers, FireInOrderOfTheirTimes) {
  auto reactor = *Reactor::create();
  std::vector<int> fired;
  Target target([&](int tag) {
    fired.push_back(tag);
    if (tag == 3) reactor->stop();
  });
  Timer c(*reactor, target, 3), a(*reactor, target, 1), b(*reactor, target, 2), never(*reactor, target, 4);
  c.set_after(std::chrono::milliseconds(30));
  a.set_after(std::chrono::milliseconds(1));
  b.set_after(std::chrono::milliseconds(15));
  never.set_after(std::chrono::nanoseconds(0));
  reactor->run();
  EXPECT_EQ(fired, (std::vector<int>{1, 2, 3}));
  EXPECT_FALSE(a.is_set());
}

TEST(Timers, MayDestroyEachOther) {
  auto reactor = *Reactor::create();
  std::vector<std::unique_ptr<Timer>> timers;
  int fired = 0;
  Target target([&](int) {
    ++fired;
    timers.clear();
    reactor->stop();
  });
  for (int i = 0; i < 5; ++i) {
    timers.push_back(std::make_unique<Timer>(*reactor, target, i));
    timers.back()->set(reactor->now());
  }
  reactor->run();
  EXPECT_EQ(fired, 1);
}

TEST(Reactor, DestroysGarbageAfterTheRound) {
  auto reactor = *Reactor::create();
  const auto thing = std::make_shared<int>(1);
  const std::weak_ptr<int> watcher = thing;
  bool alive_inside = false;
  auto given = thing;
  reactor->post([&] {
    reactor->dispose(std::move(given));
    alive_inside = !watcher.expired();
    reactor->stop();
  });
  reactor->run();
  EXPECT_TRUE(alive_inside);
  EXPECT_EQ(thing.use_count(), 1);
}

}  // namespace
}  // namespace faisca::watchdog
