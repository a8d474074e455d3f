#include "lib/kube/events.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "lib/base/log.h"
#include "lib/kube/api_error.h"
#include "lib/kube/object.h"
#include "lib/kube/time_text.h"

namespace faisca::kube {
namespace {

constexpr size_t kLongestNote = 1024;  // the API server's limits
constexpr size_t kLongestWord = 128;

std::string cut(std::string text, size_t longest) {
  if (text.size() <= longest) return text;
  text.resize(longest - 3);
  while (!text.empty() && (text.back() & 0xC0) == 0x80) text.pop_back();  // not inside of a UTF-8 sequence
  if (!text.empty() && (text.back() & 0x80)) text.pop_back();
  return text + "...";
}

std::string subject_of(const Happening& happening) {
  return happening.subject.uid.empty() ? happening.subject.key.text() : happening.subject.uid;
}

std::string identity_of(const Happening& happening) {
  const char* type = happening.type == EventType::kNormal ? "N" : "W";
  return subject_of(happening) + '\0' + type + '\0' + happening.reason + '\0' + happening.action + '\0' +
         happening.message;
}

// Forgets the least recently used ones when there are too many.
template <class Map, class Time>
void keep_most(Map& map, size_t most, Time time_of) {
  if (map.size() <= most) return;
  map.erase(std::min_element(map.begin(), map.end(), [&](const auto& a, const auto& b) {
    return time_of(a.second) < time_of(b.second);
  }));
}

std::string space_of(const Happening& happening) {
  // Events about cluster scoped objects live in "default", where kubectl looks for them.
  return happening.subject.key.space.empty() ? "default" : happening.subject.key.space;
}

}  // namespace

bool EventSeries::spend(const std::string& subject, SteadyTime now) {
  const auto [found, is_new] =
      buckets_.try_emplace(subject, Bucket{static_cast<double>(settings_.burst), now});
  Bucket& bucket = found->second;
  const double passed = std::chrono::duration<double>(now - bucket.filled).count();
  bucket.tokens = std::min<double>(
      settings_.burst,
      bucket.tokens + passed / std::max<double>(1, static_cast<double>(settings_.refill.count())));
  bucket.filled = now;
  const bool has = bucket.tokens >= 1;
  if (has) bucket.tokens -= 1;
  if (is_new) keep_most(buckets_, settings_.remembered, [](const Bucket& one) { return one.filled; });
  return has;
}

EventSeries::Decision EventSeries::decide(const Happening& happening, SteadyTime now,
                                          const std::string& fresh_name) {
  const bool may = spend(subject_of(happening), now);
  const auto known = known_.find(identity_of(happening));
  if (known != known_.end() && now - known->second.last <= settings_.series) {
    known->second.last = now;
    ++known->second.count;  // also when it may not be written now: the next write tells
    return {may ? Decision::kContinue : Decision::kDrop, known->second.name, known->second.count};
  }
  if (!may) return {};
  known_[identity_of(happening)] = {fresh_name, 1, now};
  keep_most(known_, settings_.remembered, [](const Known& one) { return one.last; });
  return {Decision::kCreate, fresh_name, 1};
}

void EventSeries::forget(const Happening& happening) { known_.erase(identity_of(happening)); }

EventRecorder::EventRecorder(Client& client, const Clock& clock, EventSettings settings)
    : client_(client), clock_(clock), settings_(settings), series_(std::move(settings)) {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

EventRecorder::~EventRecorder() {
  wait_written(std::chrono::seconds(2));
  thread_.request_stop();
  thread_.join();
}

void EventRecorder::record(Happening happening) {
  happening.message = cut(std::move(happening.message), kLongestNote);
  {
    std::lock_guard lock(mutex_);
    if (queue_.size() >= settings_.queue) {
      ++dropped_;
      return;
    }
    queue_.push_back(std::move(happening));
  }
  wake_.notify_all();
}

uint64_t EventRecorder::dropped() const {
  std::lock_guard lock(mutex_);
  return dropped_;
}

bool EventRecorder::wait_written(std::chrono::milliseconds longest) const {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, longest, [&] { return queue_.empty() && !writing_; });
}

void EventRecorder::run(std::stop_token stop) {
  for (;;) {
    Happening next;
    {
      std::unique_lock lock(mutex_);
      writing_ = false;
      wake_.notify_all();
      if (!wake_.wait(lock, stop, [&] { return !queue_.empty(); }) || stop.stop_requested()) return;
      next = std::move(queue_.front());
      queue_.pop_front();
      writing_ = true;
    }
    write(next);
  }
}

void EventRecorder::write(const Happening& happening) {
  const auto fresh = [&] {
    static thread_local std::mt19937_64 random(std::random_device{}());
    char suffix[20];
    std::snprintf(suffix, sizeof suffix, ".%016llx", static_cast<unsigned long long>(random()));
    return happening.subject.key.name + suffix;
  };
  auto decision = series_.decide(happening, clock_.now(), fresh());
  if (decision.kind == EventSeries::Decision::kDrop) {
    std::lock_guard lock(mutex_);
    ++dropped_;
    return;
  }
  auto outcome = send(happening, decision);
  if (!outcome && decision.kind == EventSeries::Decision::kContinue && is_not_found(outcome.error())) {
    series_.forget(happening);  // it has expired (an hour) or was deleted
    decision = series_.decide(happening, clock_.now(), fresh());
    if (decision.kind == EventSeries::Decision::kCreate) outcome = send(happening, decision);
  }
  if (!outcome)
    log_debug(
        "event not written",
        {{"reason", happening.reason}, {"object", happening.subject.key.text()}, {"error", outcome.error()}});
}

Result<Json> EventRecorder::send(const Happening& happening, const EventSeries::Decision& decision) {
  const ObjectKey key{space_of(happening), decision.name};
  const std::string now = micro_time_text(clock_.wall());
  Request request;
  if (decision.kind == EventSeries::Decision::kContinue) {
    request = merge_patch(kEvents, key, {{"series", {{"count", decision.count}, {"lastObservedTime", now}}}});
  } else {
    const EventSubject& subject = happening.subject;
    Json event = make_object(kEvents, key);
    event["eventTime"] = now;
    event["reportingController"] = cut(settings_.controller, kLongestWord);
    event["reportingInstance"] = cut(settings_.instance, kLongestWord);
    event["action"] = cut(happening.action, kLongestWord);
    event["reason"] = cut(happening.reason, kLongestWord);
    event["note"] = happening.message;
    event["type"] = happening.type == EventType::kNormal ? "Normal" : "Warning";
    Json& regarding = event["regarding"];
    regarding = {{"apiVersion", subject.resource.api_version()},
                 {"kind", subject.resource.kind},
                 {"name", subject.key.name}};
    if (!subject.key.space.empty()) regarding["namespace"] = subject.key.space;
    if (!subject.uid.empty()) regarding["uid"] = subject.uid;
    request = create(kEvents, event);
  }
  request.timeout = std::chrono::seconds(3);
  return client_.send(request);
}

}  // namespace faisca::kube
