// One thread's event loop: sockets by edge-triggered epoll, coroutines, deadlines.
//
// Made for a proxy's hot path, where each system call shows: a socket is registered once, for everything, and
// its Source remembers whether it is readable and writable, so there is no read that ends in EAGAIN; a peer
// that hangs up is noticed without reading (EPOLLRDHUP); deadlines are links in a wheel swept every 100 ms,
// so that a wait with a deadline costs no call at all and ends at most one sweep late.
//
// Invariants: (1) a coroutine waits in one Waitable, a Waitable has at most one waiter; (2) waiters resume
// from the loop only, never from inside wake(); (3) every wait has a deadline; (4) after stop() every wait
// ends with kStopped, so all tasks run to their ends and `run` returns when none is left. Thread: everything
// but `post` and `stop` belongs to the thread that calls `run` (or comes before it).
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/unique_fd.h"
#include "lib/io/task.h"

namespace faisca::io {

enum class Wake : uint8_t {
  kReady,        // what was waited for may have come: try it
  kDeadline,     // the deadline passed
  kInterrupted,  // someone else wants the coroutine's attention (see Source::interrupt_on_hang_up)
  kStopped,      // the reactor stops: give up
};

inline constexpr SteadyTime kNever = SteadyTime::max();

class Reactor;
class Source;
class Waitable;

// One pending wait; lives in the waiting coroutine's frame.
class Waiter {
 public:
  Waiter(Reactor& reactor, Waitable& place, SteadyTime deadline)
      : reactor_(reactor), place_(place), deadline_(deadline) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle);
  Wake await_resume() const { return result_; }

 private:
  friend class Reactor;
  friend class Waitable;
  Reactor& reactor_;
  Waitable& place_;
  SteadyTime deadline_;
  std::coroutine_handle<> handle_;
  Wake result_ = Wake::kReady;
  Waiter** list_ = nullptr;     // the slot of the wheel it is in
  Waiter* previous_ = nullptr;  // in that slot
  Waiter* next_ = nullptr;      // in that slot, then in the ready queue
};

// Where a coroutine waits for something that another part of the program says with wake().
class Waitable {
 public:
  explicit Waitable(Reactor& reactor) : reactor_(reactor) {}
  Waitable(const Waitable&) = delete;
  Waitable& operator=(const Waitable&) = delete;

  Waiter wait(SteadyTime deadline) { return Waiter(reactor_, *this, deadline); }
  void wake(Wake why);  // nothing happens if no one waits
  bool is_waited_for() const { return waiter_ != nullptr; }

 private:
  friend class Reactor;
  friend class Waiter;
  Reactor& reactor_;
  Waiter* waiter_ = nullptr;
};

class Reactor {
 public:
  Reactor();  // aborts if the kernel gives no epoll or eventfd: nothing can run without
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // Until stopped and all tasks have ended.
  void run();
  void stop();                            // from any thread
  void post(std::function<void()> call);  // from any thread; runs on the loop's thread

  void spawn(Task<> task);  // runs it until its first wait, at once
  size_t tasks() const { return tasks_; }
  bool stopping() const { return stopping_; }

 private:
  friend class Source;
  friend class Waiter;
  friend class Waitable;
  static constexpr size_t kSlots = 128;
  static constexpr std::chrono::milliseconds kTick{100};
  static constexpr size_t kBatch = 128;

  void add(Source& source);
  void forget(Source& source);
  void link(Waiter& waiter);
  void unlink(Waiter& waiter);
  void make_ready(Waiter& waiter, Wake why);
  void enqueue(Waiter& waiter, Wake why);
  void run_ready();
  void run_posted();
  void sweep(SteadyTime now);
  void wake_all_stopped();
  int timeout_ms(SteadyTime now) const;
  detail::Detached own(Task<> task);

  UniqueFd epoll_;
  UniqueFd event_;
  std::array<Waiter*, kSlots> wheel_{};
  Waiter* far_ = nullptr;  // waits without a deadline
  size_t timed_ = 0;
  int64_t tick_ = 0;  // the last one swept
  Waiter* ready_first_ = nullptr;
  Waiter* ready_last_ = nullptr;
  std::vector<void*> batch_;  // sources of the events being handled; null when the source went
  size_t tasks_ = 0;
  bool stopping_ = false;
  std::atomic<bool> stop_asked_{false};
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;  // guarded by mutex_
};

}  // namespace faisca::io
