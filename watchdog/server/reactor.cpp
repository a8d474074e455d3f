#include "watchdog/server/reactor.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "lib/base/assert.h"

namespace faisca::watchdog {
namespace {

constexpr uint64_t kWake = UINT64_MAX;

uint64_t key(uint32_t slot, uint32_t generation) { return uint64_t{generation} << 32 | slot; }

}  // namespace

Result<std::unique_ptr<Reactor>> Reactor::create() {
  std::unique_ptr<Reactor> reactor(new Reactor);
  reactor->epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  reactor->wake_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWake;
  if (!reactor->epoll_ || !reactor->wake_ ||
      ::epoll_ctl(reactor->epoll_.get(), EPOLL_CTL_ADD, reactor->wake_.get(), &event) != 0)
    return fail(errno_error(errno, "cannot make an event loop"));
  reactor->now_ = std::chrono::steady_clock::now();
  return reactor;
}

Reactor::~Reactor() = default;

int Reactor::wait_milliseconds() const {
  if (next_timer_ == SteadyTime::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_timer_ - now_).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
}

void Reactor::run() {
  std::array<epoll_event, 64> events;
  now_ = std::chrono::steady_clock::now();
  while (!stopped_) {
    const int count =
        ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), wait_milliseconds());
    now_ = std::chrono::steady_clock::now();
    FAISCA_ASSERT(count >= 0 || errno == EINTR, "epoll_wait refused its arguments");
    for (int i = 0; i < count; ++i) {
      const uint64_t id = events[static_cast<size_t>(i)].data.u64;
      if (id == kWake) {
        run_posted();
        continue;
      }
      const Slot slot = slots_[static_cast<uint32_t>(id)];
      if (slot.target && slot.generation == id >> 32)
        slot.target->on_event(slot.tag, events[static_cast<size_t>(i)].events);
    }
    if (now_ >= next_timer_) run_timers();
    while (!garbage_.empty()) {
      const auto garbage = std::exchange(garbage_, {});
    }
  }
}

void Reactor::stop() {
  post([this] { stopped_ = true; });
}

void Reactor::post(std::function<void()> work) {
  {
    std::lock_guard lock(mutex_);
    posted_.push_back(std::move(work));
  }
  const uint64_t one = 1;
  (void)!::write(wake_.get(), &one, sizeof one);
}

void Reactor::run_posted() {
  uint64_t count = 0;
  (void)!::read(wake_.get(), &count, sizeof count);
  std::vector<std::function<void()>> work;
  {
    std::lock_guard lock(mutex_);
    work.swap(posted_);
  }
  for (auto& item : work) item();
}

void Reactor::run_timers() {
  next_timer_ = SteadyTime::max();
  walking_timers_ = true;
  // By index: a handler may add and remove timers. One that moves in the list meanwhile is late by a round,
  // not lost.
  for (size_t i = 0; i < timers_.size(); ++i) {
    Timer& timer = *timers_[i];
    if (timer.at_ > now_) {
      next_timer_ = std::min(next_timer_, timer.at_);
      continue;
    }
    timer.at_ = SteadyTime::max();
    timer.target_.on_event(timer.tag_, 0);
  }
  walking_timers_ = false;
}

Status Watch::start(Reactor& reactor, int fd, uint32_t events, EventTarget& target, int tag) {
  stop();
  uint32_t slot;
  if (reactor.free_slots_.empty()) {
    slot = static_cast<uint32_t>(reactor.slots_.size());
    reactor.slots_.emplace_back();
  } else {
    slot = reactor.free_slots_.back();
    reactor.free_slots_.pop_back();
  }
  Reactor::Slot& place = reactor.slots_[slot];
  place.target = &target;
  place.tag = tag;
  epoll_event event{};
  event.events = events;
  event.data.u64 = key(slot, place.generation);
  reactor_ = &reactor;
  fd_ = fd;
  slot_ = slot;
  if (::epoll_ctl(reactor.epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0) return {};
  const int number = errno;
  forget();
  return fail(errno_error(number, "cannot watch descriptor " + std::to_string(fd)));
}

void Watch::forget() {
  if (!reactor_) return;
  Reactor::Slot& place = reactor_->slots_[slot_];
  place.target = nullptr;
  place.generation = (place.generation + 1) & 0x7fffffff;
  reactor_->free_slots_.push_back(slot_);
  reactor_ = nullptr;
}

void Watch::stop() {
  if (!reactor_) return;
  ::epoll_ctl(reactor_->epoll_.get(), EPOLL_CTL_DEL, fd_, nullptr);
  forget();
}

Timer::Timer(Reactor& reactor, EventTarget& target, int tag)
    : reactor_(reactor), target_(target), tag_(tag), index_(reactor.timers_.size()) {
  reactor.timers_.push_back(this);
}

Timer::~Timer() {
  if (reactor_.walking_timers_) reactor_.next_timer_ = reactor_.now_;
  Timer* last = reactor_.timers_.back();
  reactor_.timers_[index_] = last;
  last->index_ = index_;
  reactor_.timers_.pop_back();
}

void Timer::set(SteadyTime at) {
  at_ = at;
  reactor_.next_timer_ = std::min(reactor_.next_timer_, at);
}

void Timer::set_after(Duration from_now) {
  if (from_now <= Duration::zero()) return clear();
  set(reactor_.now() + from_now);
}

}  // namespace faisca::watchdog
