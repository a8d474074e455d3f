#include "lib/kube/work_queue.h"

#include <algorithm>

namespace faisca::kube {

WorkQueue::WorkQueue(const Clock& clock, WorkQueueSettings settings) : clock_(clock), settings_(settings) {}

void WorkQueue::add(const ObjectKey& key) { add_after(key, Duration(0)); }

void WorkQueue::add_after(const ObjectKey& key, Duration delay) {
  std::lock_guard lock(mutex_);
  add_at(key, clock_.now() + std::max(delay, Duration(0)));
}

void WorkQueue::add_failed(const ObjectKey& key) {
  std::lock_guard lock(mutex_);
  const int failures = failures_[key]++;
  // Doubling sixty times would overflow; long before that the longest delay counts.
  Duration delay = settings_.first_delay * (int64_t{1} << std::min(failures, 20));
  delay = std::min<Duration>(delay, settings_.longest_delay);
  add_at(key, clock_.now() + delay);
}

void WorkQueue::forget(const ObjectKey& key) {
  std::lock_guard lock(mutex_);
  failures_.erase(key);
}

int WorkQueue::failures(const ObjectKey& key) const {
  std::lock_guard lock(mutex_);
  const auto found = failures_.find(key);
  return found == failures_.end() ? 0 : found->second;
}

void WorkQueue::add_at(const ObjectKey& key, SteadyTime due) {
  if (shut_down_) return;
  if (!working_.contains(key)) return schedule(key, due);
  const auto [known, is_new] = again_.try_emplace(key, due);
  if (!is_new) known->second = std::min(known->second, due);
}

void WorkQueue::schedule(const ObjectKey& key, SteadyTime due) {
  if (const auto known = slots_.find(key); known != slots_.end()) {
    if (known->second.due <= due) return;
    line_.erase({known->second.due, known->second.turn, key});
    slots_.erase(known);
  } else if (slots_.size() >= settings_.most) {
    ++dropped_;
    return;
  }
  slots_[key] = {due, turn_};
  line_.insert({due, turn_++, key});
  wake_.notify_one();
}

std::optional<ObjectKey> WorkQueue::pop_due() {
  if (shut_down_ || line_.empty() || line_.begin()->due > clock_.now()) return {};
  ObjectKey key = line_.begin()->key;
  line_.erase(line_.begin());
  slots_.erase(key);
  working_.insert(key);
  return key;
}

std::optional<ObjectKey> WorkQueue::try_take() {
  std::lock_guard lock(mutex_);
  return pop_due();
}

std::optional<ObjectKey> WorkQueue::take() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (auto key = pop_due()) {
      // The notification may have come to this worker for another key.
      if (!line_.empty()) wake_.notify_one();
      return key;
    }
    if (shut_down_) return {};
    if (line_.empty())
      wake_.wait(lock);
    else
      wake_.wait_for(lock, std::max(Duration(0), Duration(line_.begin()->due - clock_.now())));
  }
}

void WorkQueue::done(const ObjectKey& key) {
  std::lock_guard lock(mutex_);
  working_.erase(key);
  const auto again = again_.find(key);
  if (again == again_.end()) return;
  const SteadyTime due = again->second;
  again_.erase(again);
  if (!shut_down_) schedule(key, due);
}

std::optional<SteadyTime> WorkQueue::next_due() const {
  std::lock_guard lock(mutex_);
  if (line_.empty()) return {};
  return line_.begin()->due;
}

size_t WorkQueue::waiting() const {
  std::lock_guard lock(mutex_);
  return slots_.size();
}

uint64_t WorkQueue::dropped() const {
  std::lock_guard lock(mutex_);
  return dropped_;
}

void WorkQueue::shut_down() {
  std::lock_guard lock(mutex_);
  shut_down_ = true;
  wake_.notify_all();
}

}  // namespace faisca::kube
