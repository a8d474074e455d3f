#include "gateway/system/worker.h"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace faisca::gateway {
namespace {

TEST(Worker, RunsJobsInOrderAndFinishesThemBeforeItGoes) {
  std::vector<int> ran;
  {
    Worker worker;
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(worker.run([&ran, i] { ran.push_back(i); }));
  }
  ASSERT_EQ(ran.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ran[static_cast<size_t>(i)], i);
}

TEST(Worker, RefusesMoreThanItsQueueHolds) {
  std::promise<void> release, started;
  Worker worker;
  EXPECT_TRUE(worker.run([&] {
    started.set_value();
    release.get_future().wait();
  }));
  started.get_future().wait();
  size_t queued = 0;
  while (worker.run([] {})) ++queued;
  EXPECT_EQ(queued, Worker::kMostWaiting);
  release.set_value();
}

}  // namespace
}  // namespace faisca::gateway
