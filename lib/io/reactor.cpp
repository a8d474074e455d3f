#include "lib/io/reactor.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>

#include "lib/base/assert.h"
#include "lib/io/source.h"

namespace faisca::io {
namespace {

int64_t tick_of(SteadyTime time, std::chrono::milliseconds tick) { return time.time_since_epoch() / tick; }

}  // namespace

void Waiter::await_suspend(std::coroutine_handle<> handle) {
  FAISCA_ASSERT(place_.waiter_ == nullptr, "two coroutines wait in one place");
  handle_ = handle;
  if (reactor_.stopping_) {
    reactor_.enqueue(*this, Wake::kStopped);
    return;
  }
  place_.waiter_ = this;
  reactor_.link(*this);
}

void Waitable::wake(Wake why) {
  if (waiter_ != nullptr) reactor_.make_ready(*waiter_, why);
}

Reactor::Reactor()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  FAISCA_ASSERT(epoll_ && event_, "no epoll or eventfd");
  tick_ = tick_of(std::chrono::steady_clock::now(), kTick);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  FAISCA_ASSERT(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, event_.get(), &event) == 0,
                "epoll refuses an eventfd");
}

Reactor::~Reactor() { FAISCA_ASSERT(tasks_ == 0, "a reactor dies with tasks in it"); }

void Reactor::add(Source& source) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &source;
  FAISCA_ASSERT(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, source.fd(), &event) == 0,
                "epoll refuses a descriptor");
}

// Events of a source that goes while its batch is handled must not reach it.
void Reactor::forget(Source& source) {
  std::replace(batch_.begin(), batch_.end(), static_cast<void*>(&source), static_cast<void*>(nullptr));
}

void Reactor::link(Waiter& waiter) {
  Waiter** list = &far_;
  if (waiter.deadline_ != kNever) {
    // Rounded up: never early. At least the next tick: the current one is swept already.
    const int64_t tick = std::max(tick_of(waiter.deadline_, kTick), tick_) + 1;
    list = &wheel_[static_cast<size_t>(tick) % kSlots];
    ++timed_;
  }
  waiter.list_ = list;
  waiter.previous_ = nullptr;
  waiter.next_ = *list;
  if (*list != nullptr) (*list)->previous_ = &waiter;
  *list = &waiter;
}

void Reactor::unlink(Waiter& waiter) {
  if (waiter.next_ != nullptr) waiter.next_->previous_ = waiter.previous_;
  if (waiter.previous_ != nullptr) {
    waiter.previous_->next_ = waiter.next_;
  } else {
    *waiter.list_ = waiter.next_;
  }
  if (waiter.deadline_ != kNever) --timed_;
}

void Reactor::make_ready(Waiter& waiter, Wake why) {
  unlink(waiter);
  waiter.place_.waiter_ = nullptr;
  enqueue(waiter, why);
}

void Reactor::enqueue(Waiter& waiter, Wake why) {
  waiter.result_ = why;
  waiter.next_ = nullptr;
  if (ready_last_ != nullptr) {
    ready_last_->next_ = &waiter;
  } else {
    ready_first_ = &waiter;
  }
  ready_last_ = &waiter;
}

void Reactor::run_ready() {
  // While stopping a wait ends at once, so a task that insists would keep this loop: one pass only.
  const Waiter* const last = stopping_ ? ready_last_ : nullptr;
  while (ready_first_ != nullptr) {
    Waiter& waiter = *ready_first_;
    const bool is_last = &waiter == last;
    ready_first_ = waiter.next_;
    if (ready_first_ == nullptr) ready_last_ = nullptr;
    waiter.handle_.resume();
    if (is_last) break;
  }
}

void Reactor::run_posted() {
  uint64_t count = 0;
  (void)!::read(event_.get(), &count, sizeof count);
  std::vector<std::function<void()>> calls;
  {
    std::lock_guard lock(mutex_);
    calls.swap(posted_);
  }
  for (auto& call : calls) {
    call();
    run_ready();
  }
  if (stop_asked_.load() && !stopping_) wake_all_stopped();
}

void Reactor::sweep(SteadyTime now) {
  const int64_t current = tick_of(now, kTick);
  // After a long sleep one round over the wheel is enough.
  for (int64_t tick = std::max(tick_ + 1, current - static_cast<int64_t>(kSlots) + 1); tick <= current;
       ++tick) {
    Waiter* next = nullptr;
    for (Waiter* waiter = wheel_[static_cast<size_t>(tick) % kSlots]; waiter != nullptr; waiter = next) {
      next = waiter->next_;
      if (waiter->deadline_ <= now) make_ready(*waiter, Wake::kDeadline);
    }
  }
  tick_ = std::max(tick_, current);
}

void Reactor::wake_all_stopped() {
  stopping_ = true;
  while (far_ != nullptr) make_ready(*far_, Wake::kStopped);
  for (Waiter*& first : wheel_) {
    while (first != nullptr) make_ready(*first, Wake::kStopped);
  }
}

int Reactor::timeout_ms(SteadyTime now) const {
  if (ready_first_ != nullptr) return stopping_ ? 1 : 0;
  if (timed_ == 0) return -1;
  int64_t tick = tick_ + 1;
  while (wheel_[static_cast<size_t>(tick) % kSlots] == nullptr) ++tick;
  const auto next = SteadyTime(tick * kTick);
  if (next <= now) return 0;
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(next - now).count()) + 1;
}

void Reactor::run() {
  std::array<epoll_event, kBatch> events;
  SteadyTime now = std::chrono::steady_clock::now();
  run_ready();
  while (!stopping_ || tasks_ != 0) {
    const int count =
        ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout_ms(now));
    now = std::chrono::steady_clock::now();
    batch_.clear();
    for (int i = 0; i < count; ++i) {
      void* const source = events[static_cast<size_t>(i)].data.ptr;  // a copy: epoll_event is packed
      batch_.push_back(source);
    }
    bool posted = false;
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      if (event.data.ptr == nullptr) {
        posted = true;
      } else if (auto* source = static_cast<Source*>(batch_[static_cast<size_t>(i)]); source != nullptr) {
        source->on_events(event.events);
        run_ready();
      }
    }
    batch_.clear();
    if (now >= SteadyTime((tick_ + 1) * kTick)) sweep(now);
    if (posted) run_posted();
    run_ready();
  }
}

void Reactor::stop() {
  stop_asked_.store(true);
  post([] {});
}

void Reactor::post(std::function<void()> call) {
  {
    std::lock_guard lock(mutex_);
    posted_.push_back(std::move(call));
  }
  const uint64_t one = 1;
  (void)!::write(event_.get(), &one, sizeof one);
}

detail::Detached Reactor::own(Task<> task) {
  ++tasks_;
  co_await task;
  --tasks_;
}

void Reactor::spawn(Task<> task) { own(std::move(task)); }

}  // namespace faisca::io
