// Events for people (`kubectl describe`, `kubectl get events`), written in the background.
//
// Equal ones are one Event object with a growing series count; each object may cause a burst, then one in a
// while (client-go's limits), so that a crash loop does not fill etcd.
// https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ Thread: `record` from any,
// never blocks, drops when the queue is full (counted). One thread writes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "lib/base/clock.h"
#include "lib/kube/client.h"

namespace faisca::kube {

enum class EventType { kNormal, kWarning };

struct EventSubject {
  Resource resource;
  ObjectKey key;
  std::string uid;
};

struct Happening {
  EventSubject subject;
  EventType type = EventType::kNormal;
  std::string reason;   // "InstancesReady": UpperCamel, for machines
  std::string action;   // "Reconcile": what was being done
  std::string message;  // for people; cut to 1 kB
};

struct EventSettings {
  std::string controller;            // "faisca.dev/operator"
  std::string instance;              // the pod's name
  size_t queue = 1'000;              // happenings not yet written; more are dropped
  int burst = 25;                    // writes an object may cause at once
  std::chrono::seconds refill{300};  // then one write in this time
  std::chrono::seconds series{360};  // equal happenings further apart are separate events
  size_t remembered = 4'096;         // kinds of happenings that can be continued
};

// Which write a happening leads to. Pure: time is a parameter. Thread: owned by one thread.
class EventSeries {
 public:
  explicit EventSeries(EventSettings settings) : settings_(std::move(settings)) {}

  struct Decision {
    enum Kind { kCreate, kContinue, kDrop } kind = kDrop;
    std::string name;  // of the Event object
    int count = 1;
  };
  Decision decide(const Happening& happening, SteadyTime now, const std::string& fresh_name);
  // The Event object has gone (404): the next equal happening makes a new one.
  void forget(const Happening& happening);

 private:
  struct Known {
    std::string name;
    int count = 1;
    SteadyTime last;
  };
  struct Bucket {
    double tokens;
    SteadyTime filled;
  };
  bool spend(const std::string& uid, SteadyTime now);

  EventSettings settings_;
  std::map<std::string, Known> known_;
  std::map<std::string, Bucket> buckets_;
};

class EventRecorder {
 public:
  EventRecorder(Client& client, const Clock& clock, EventSettings settings);
  ~EventRecorder();  // writes what is queued, for two seconds at most
  EventRecorder(const EventRecorder&) = delete;
  EventRecorder& operator=(const EventRecorder&) = delete;

  void record(Happening happening);
  uint64_t dropped() const;
  bool wait_written(std::chrono::milliseconds longest) const;  // until the queue is empty

 private:
  void run(std::stop_token stop);
  void write(const Happening& happening);
  Result<Json> send(const Happening& happening, const EventSeries::Decision& decision);

  Client& client_;
  const Clock& clock_;
  const EventSettings settings_;
  EventSeries series_;  // the thread's
  mutable std::mutex mutex_;
  mutable std::condition_variable_any wake_;
  std::deque<Happening> queue_;  // guarded by mutex_
  bool writing_ = false;         // guarded by mutex_
  uint64_t dropped_ = 0;         // guarded by mutex_
  std::jthread thread_;
};

}  // namespace faisca::kube
