// The list-and-watch loop behind an Informer: keeps a sink in step with a collection, whatever happens to the
// connection.
//
// List (in pages, from the server's watch cache) → watch from the list's resourceVersion → on an end, a cut
// or a time-out watch again from the last version seen (bookmarks move it) → on 410 Gone list again. Between
// failures it waits with back-off.
// https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
//
// Thread: `start` makes one; the sink is called on it alone. Client must outlive it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/backoff.h"
#include "lib/base/clock.h"
#include "lib/kube/client.h"

namespace faisca::kube {

struct ReflectorSettings {
  Resource resource;
  std::string space;  // empty: all namespaces
  std::string label_selector;
  std::string field_selector;
  int page = 100;  // objects a list request: bounds the memory that a list needs at once
  // One watch request's life as told to the server (a random time between it and twice as long). Twice of it
  // is below `silence`: the server sends no bookmarks where nothing has ever changed, but it does end the
  // watch.
  std::chrono::seconds watch_time{60};
  // A watch from which nothing has come for so long is taken for dead.
  std::chrono::milliseconds silence{130'000};
  Backoff::Settings backoff{.first = std::chrono::milliseconds(200), .longest = std::chrono::seconds(10)};
};

// Receives a collection. `upsert` may repeat what is known; `keys` are all it has now.
class ReflectorSink {
 public:
  virtual ~ReflectorSink() = default;
  virtual void upsert(const Json& object) = 0;
  virtual void remove(const ObjectKey& key) = 0;
  virtual std::vector<ObjectKey> keys() = 0;
  virtual void synced() = 0;  // once, after the first complete list
};

struct ReflectorCounters {
  uint64_t lists = 0;    // complete ones
  uint64_t watches = 0;  // begun
  uint64_t events = 0;   // bookmarks not counted
  uint64_t bookmarks = 0;
  uint64_t failures = 0;  // lists and watches that ended with an error
};

class Reflector {
 public:
  Reflector(Client& client, ReflectorSettings settings, ReflectorSink& sink);
  ~Reflector();
  Reflector(const Reflector&) = delete;
  Reflector& operator=(const Reflector&) = delete;

  void start();
  void stop();  // ends a watch under way; returns when the thread has ended

  bool synced() const { return synced_; }
  bool wait_synced(std::chrono::milliseconds longest) const;
  ReflectorCounters counters() const;

 private:
  void run(std::stop_token stop);
  Status list_all(std::stop_token stop);
  Status watch_once(std::stop_token stop);
  bool take_event(std::string_view line, Status& outcome);
  void pause(std::stop_token stop);
  void listed();
  void note_failure(const Error& error);

  Client& client_;
  const ReflectorSettings settings_;
  ReflectorSink& sink_;
  Backoff backoff_;               // the thread's
  std::string resource_version_;  // the thread's; empty: list first
  std::atomic<bool> synced_{false};
  mutable std::mutex mutex_;
  mutable std::condition_variable_any wake_;
  ReflectorCounters counters_;  // guarded by mutex_
  std::jthread thread_;
};

// What an informer needs of an object besides its projection.
struct ObjectHead {
  ObjectKey key;
  std::string uid;
  std::string resource_version;
};
ObjectHead head_of(const Json& object);
void log_unreadable(const ObjectHead& head, const Error& error);

}  // namespace faisca::kube
