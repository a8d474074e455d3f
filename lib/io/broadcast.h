// A place where many coroutines of one reactor wait for the same news.
// Thread: its reactor's. It outlives those who wait.
#pragma once

#include <algorithm>
#include <vector>

#include "lib/io/source.h"

namespace faisca::io {

class Broadcast {
 public:
  explicit Broadcast(Reactor& reactor) : reactor_(reactor) {}

  // kReady when the news comes; kInterrupted if `watched` hangs up while waiting.
  Task<Wake> wait(SteadyTime deadline, Source* watched = nullptr) {
    Waitable place(reactor_);
    waiting_.push_back(&place);
    if (watched != nullptr) watched->interrupt_on_hang_up(&place);
    const Wake wake = co_await place.wait(deadline);
    if (watched != nullptr) watched->interrupt_on_hang_up(nullptr);
    std::erase(waiting_, &place);
    co_return wake;
  }

  void wake_all() {
    for (Waitable* place : waiting_) place->wake(Wake::kReady);
  }

 private:
  Reactor& reactor_;
  std::vector<Waitable*> waiting_;
};

}  // namespace faisca::io
