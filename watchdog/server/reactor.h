// One thread's event loop: descriptors, timers, and work posted from other threads. epoll underneath.
//
// A registration is a Watch; when it goes, its events can no longer arrive, even those already fetched from
// the kernel (each registration has a generation). Handlers may destroy any Watch, Timer or target, their own
// included. Timers are few, long and often moved (a deadline per request): setting one costs a comparison;
// the list is only walked when the earliest time ever set has come. Thread: everything on the thread of
// run(), except post() and stop().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/base/unique_fd.h"

namespace faisca::watchdog {

// Gets events. `tag` tells a target's several descriptors and timers apart; `events` are EPOLLIN…, 0 for a
// timer.
class EventTarget {
 public:
  virtual void on_event(int tag, uint32_t events) = 0;

 protected:
  ~EventTarget() = default;
};

class Reactor {
 public:
  static Result<std::unique_ptr<Reactor>> create();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  void run();                             // until stop()
  void stop();                            // from any thread
  void post(std::function<void()> work);  // from any thread; runs soon, in order
  // Destroys `garbage` when nothing of this round of events is on the stack any more.
  void dispose(std::shared_ptr<void> garbage) { garbage_.push_back(std::move(garbage)); }

  // When the events being handled were fetched: exact enough for deadlines, and free.
  SteadyTime now() const { return now_; }
  // 64 KiB for whoever reads right now; contents do not outlive the handler.
  std::vector<char>& scratch() { return scratch_; }

 private:
  friend class Watch;
  friend class Timer;
  struct Slot {
    EventTarget* target = nullptr;
    int tag = 0;
    uint32_t generation = 0;
  };

  Reactor() = default;
  void run_posted();
  void run_timers();
  int wait_milliseconds() const;

  UniqueFd epoll_, wake_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_slots_;
  std::vector<class Timer*> timers_;
  SteadyTime next_timer_ = SteadyTime::max();  // no timer is due before
  SteadyTime now_{};
  std::vector<char> scratch_ = std::vector<char>(64 * 1024);
  std::vector<std::shared_ptr<void>> garbage_;
  bool walking_timers_ = false;
  bool stopped_ = false;
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;  // guarded by mutex_
};

// A descriptor registered with a reactor. The descriptor is the caller's: close it after stop().
class Watch {
 public:
  Watch() = default;
  ~Watch() { stop(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // `events` as epoll_ctl(2) takes them. Replaces what was watched before.
  Status start(Reactor& reactor, int fd, uint32_t events, EventTarget& target, int tag);
  // The descriptor is about to be closed by its only owner, which removes it from epoll: saves a system call.
  void forget();
  void stop();
  bool active() const { return reactor_ != nullptr; }

 private:
  Reactor* reactor_ = nullptr;
  int fd_ = -1;
  uint32_t slot_ = 0;
};

class Timer {
 public:
  Timer(Reactor& reactor, EventTarget& target, int tag);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // A time in the past fires on the next round. Zero or negative `from_now` means never, as settings have it.
  void set(SteadyTime at);
  void set_after(Duration from_now);
  void clear() { at_ = SteadyTime::max(); }
  bool is_set() const { return at_ != SteadyTime::max(); }

 private:
  friend class Reactor;
  Reactor& reactor_;
  EventTarget& target_;
  int tag_;
  size_t index_;
  SteadyTime at_ = SteadyTime::max();
};

}  // namespace faisca::watchdog
