#include "hw/agent/queue.h"

#include <algorithm>
#include <string>

namespace faisca::agent {
namespace {

Error too_late() {
  return {Code::kDeadlineExceeded,
          "the caller's deadline passed while the request waited for the device",
          "allow more time, or send fewer requests at once",
          {}};
}

void answer(const std::deque<JobPtr>& jobs, const Error& error) {
  for (const JobPtr& job : jobs) job->finish(fail(error));
}

}  // namespace

std::deque<JobPtr> Queue::take_expired() {
  std::deque<JobPtr> expired;
  const SteadyTime now = clock_.now();
  std::erase_if(jobs_, [&](const JobPtr& job) {
    if (job->deadline > now) return false;
    expired.push_back(job);
    return true;
  });
  return expired;
}

Status Queue::add(JobPtr job) {
  if (job->deadline <= clock_.now()) return fail(too_late());
  std::deque<JobPtr> expired;
  Status status;
  {
    std::lock_guard lock(mutex_);
    if (jobs_.size() >= capacity_) expired = take_expired();
    if (closed_)
      status = fail(Code::kUnavailable, "the agent is shutting down", "try again in a moment");
    else if (jobs_.size() >= capacity_)
      status = fail(Code::kResourceExhausted,
                    "the device's queue is full: " + std::to_string(capacity_) + " requests wait",
                    "try again later, or raise the agent's setting queue");
    else
      jobs_.push_back(std::move(job));
  }
  answer(expired, too_late());
  if (status) changed_.notify_one();
  return status;
}

JobPtr Queue::take() {
  std::deque<JobPtr> expired;
  JobPtr next;
  while (!next) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    expired = take_expired();
    if (!jobs_.empty()) {
      next = std::move(jobs_.front());
      jobs_.pop_front();
    }
    const bool over = closed_ && !next;
    lock.unlock();
    answer(expired, too_late());
    if (over) return nullptr;
  }
  return next;
}

void Queue::cancel(const JobPtr& job) {
  job->cancelled = true;
  bool waited = false;
  {
    std::lock_guard lock(mutex_);
    waited = std::erase(jobs_, job) > 0;
  }
  if (waited)
    job->finish(fail(Code::kCancelled, "the caller went away while the request waited for the device"));
}

void Queue::expire() {
  std::deque<JobPtr> expired;
  {
    std::lock_guard lock(mutex_);
    expired = take_expired();
  }
  answer(expired, too_late());
}

void Queue::close() {
  std::deque<JobPtr> rest;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    rest.swap(jobs_);
  }
  changed_.notify_all();
  answer(rest, {Code::kUnavailable, "the agent is shutting down", "try again in a moment", {}});
}

std::size_t Queue::size() const {
  std::lock_guard lock(mutex_);
  return jobs_.size();
}

}  // namespace faisca::agent
