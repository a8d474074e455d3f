// Finds processes that left their handler's group and session ("daemonised") and kills them.
//
// The watchdog is a child subreaper (prctl(2)): whatever a handler leaves behind becomes the watchdog's own
// child when the handler ends, and shows up in /proc/self/task/PID/children. A child that is not a running
// handler in two looks, a quarter of a second apart, is a stray: SIGKILL, and reaped at a later look. Two
// looks, because a handler is born shortly before it is in KnownChildren. It only looks after invocations,
// and as long as there are strays. Thread: the main thread, whose children they become.
#pragma once

#include <unordered_set>

#include "watchdog/process/known_children.h"
#include "watchdog/server/reactor.h"

namespace faisca::watchdog {

class Sweeper final : public EventTarget {
 public:
  Sweeper(Reactor& reactor, const KnownChildren& known);

  Status start();

 private:
  void on_event(int tag, uint32_t events) override;
  void look();

  const KnownChildren& known_;
  Timer timer_;
  uint64_t looked_at_started_ = 0;
  int looks_left_ = 0;
  std::unordered_set<pid_t> suspects_;
};

}  // namespace faisca::watchdog
