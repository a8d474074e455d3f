#include "hw/agent/queue.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

namespace faisca::agent {
namespace {

using namespace std::chrono_literals;

class QueueTest : public testing::Test {
 protected:
  JobPtr job(Duration until_deadline = 1h) {
    auto made = std::make_shared<Job>();
    made->deadline = clock_.now() + until_deadline;
    made->finish = [this, raw = made.get()](Result<Outcome> outcome) {
      answers_.push_back({raw, outcome ? Code::kOk : outcome.error().code});
    };
    return made;
  }
  struct Answer {
    const Job* job;
    Code code;
    bool operator==(const Answer&) const = default;
  };

  FakeClock clock_;
  Queue queue_{3, clock_};
  std::vector<Answer> answers_;
};

TEST_F(QueueTest, GivesJobsInOrderOfArrival) {
  const JobPtr first = job(), second = job(1s), third = job();
  for (const JobPtr& each : {first, second, third}) ASSERT_TRUE(queue_.add(each));
  EXPECT_EQ(queue_.take(), first);
  EXPECT_EQ(queue_.take(), second);
  EXPECT_EQ(queue_.take(), third);
  EXPECT_TRUE(answers_.empty());
}

TEST_F(QueueTest, RefusesWhenFull) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue_.add(job()));
  const Status full = queue_.add(job());
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Code::kResourceExhausted);
  EXPECT_EQ(full.error().message, "the device's queue is full: 3 requests wait");
  EXPECT_EQ(queue_.size(), 3u);
}

TEST_F(QueueTest, MakesRoomByAnsweringTheLate) {
  const JobPtr late = job(1s);
  ASSERT_TRUE(queue_.add(late));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(queue_.add(job()));
  clock_.advance(1s);
  EXPECT_TRUE(queue_.add(job()));
  EXPECT_EQ(answers_, (std::vector<Answer>{{late.get(), Code::kDeadlineExceeded}}));
}

TEST_F(QueueTest, NeverGivesALateJobToTheRunner) {
  const JobPtr late = job(1s), punctual = job();
  ASSERT_TRUE(queue_.add(late));
  ASSERT_TRUE(queue_.add(punctual));
  clock_.advance(2s);
  EXPECT_EQ(queue_.take(), punctual);
  EXPECT_EQ(answers_, (std::vector<Answer>{{late.get(), Code::kDeadlineExceeded}}));
}

TEST_F(QueueTest, RefusesAJobThatIsLateAlready) {
  const Status status = queue_.add(job(0s));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::kDeadlineExceeded);
}

TEST_F(QueueTest, ExpireAnswersOnlyTheLate) {
  const JobPtr late = job(1s), punctual = job();
  ASSERT_TRUE(queue_.add(punctual));
  ASSERT_TRUE(queue_.add(late));
  queue_.expire();
  EXPECT_TRUE(answers_.empty());
  clock_.advance(1s);
  queue_.expire();
  EXPECT_EQ(answers_, (std::vector<Answer>{{late.get(), Code::kDeadlineExceeded}}));
  EXPECT_EQ(queue_.size(), 1u);
}

TEST_F(QueueTest, CancelAnswersAWaitingJobOnce) {
  const JobPtr waiting = job();
  ASSERT_TRUE(queue_.add(waiting));
  queue_.cancel(waiting);
  queue_.cancel(waiting);
  EXPECT_EQ(answers_, (std::vector<Answer>{{waiting.get(), Code::kCancelled}}));
  EXPECT_EQ(queue_.size(), 0u);
}

TEST_F(QueueTest, CancelOfARunningJobOnlyMarksIt) {
  const JobPtr running = job();
  ASSERT_TRUE(queue_.add(running));
  ASSERT_EQ(queue_.take(), running);
  queue_.cancel(running);
  EXPECT_TRUE(running->cancelled);
  EXPECT_TRUE(answers_.empty());
}

TEST_F(QueueTest, CloseAnswersTheRestAndRefusesMore) {
  const JobPtr waiting = job();
  ASSERT_TRUE(queue_.add(waiting));
  queue_.close();
  EXPECT_EQ(answers_, (std::vector<Answer>{{waiting.get(), Code::kUnavailable}}));
  EXPECT_EQ(queue_.take(), nullptr);
  const Status status = queue_.add(job());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::kUnavailable);
}

TEST_F(QueueTest, WakesAWaitingRunner) {
  std::optional<JobPtr> taken, none;
  std::thread runner([&] {
    taken = queue_.take();
    none = queue_.take();
  });
  const JobPtr sent = job();
  ASSERT_TRUE(queue_.add(sent));
  while (queue_.size() > 0) std::this_thread::yield();
  queue_.close();
  runner.join();
  EXPECT_EQ(taken, sent);
  EXPECT_EQ(none, JobPtr());
}

}  // namespace
}  // namespace faisca::agent
