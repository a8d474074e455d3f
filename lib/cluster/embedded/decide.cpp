#include "lib/cluster/embedded/decide.h"

#include <algorithm>

#include "lib/base/duration.h"

namespace faisca::cluster {
namespace {

class Decider {
 public:
  Decider(const WantedInstances& wanted, std::span<const ObservedInstance> observed, SteadyTime now,
          const LifeLimits& limits)
      : wanted_(wanted), observed_(observed), now_(now), limits_(limits), gone_(observed.size(), false) {}

  Decision run() {
    end_overdue();
    end_old();
    end_surplus();
    start_missing();
    return std::move(decision_);
  }

 private:
  void wake(SteadyTime at) {
    if (!decision_.wake || at < *decision_.wake) decision_.wake = at;
  }

  void act(size_t index, Action::Kind kind, std::string reason = "") {
    gone_[index] = true;
    decision_.actions.push_back({kind, observed_[index].id, std::move(reason)});
    if (kind == Action::Kind::kDrain) wake(now_ + limits_.drain_timeout);
  }

  bool is_current(size_t i) const { return observed_[i].revision == wanted_.revision; }
  bool serves(size_t i) const { return !gone_[i] && observed_[i].phase == Phase::kReady; }
  bool starts(size_t i) const { return !gone_[i] && observed_[i].phase == Phase::kStarting; }

  struct Limit {
    SteadyTime from;
    Duration duration;
    const char* complaint;
  };
  std::optional<Limit> limit_of(const ObservedInstance& instance) const {
    switch (instance.phase) {
      case Phase::kStarting:
        return Limit{instance.since, limits_.ready_timeout, "was not ready after "};
      case Phase::kDraining:
        return Limit{instance.since, limits_.drain_timeout, "had not ended after "};
      case Phase::kReady:
        if (!instance.unanswered) break;
        return Limit{*instance.unanswered, limits_.silence_timeout, "did not answer for "};
      case Phase::kKilled:
        break;
    }
    return std::nullopt;
  }

  void end_overdue() {
    for (size_t i = 0; i < observed_.size(); ++i) {
      const std::optional<Limit> limit = limit_of(observed_[i]);
      if (!limit) continue;
      if (now_ - limit->from < limit->duration) {
        wake(limit->from + limit->duration);
      } else {
        // The next one starts when this one was reaped.
        failed_start_ = failed_start_ || observed_[i].phase != Phase::kDraining;
        act(i, Action::Kind::kKill, limit->complaint + format_duration(limit->duration));
      }
    }
  }

  void end_old() {
    int new_ready = 0;
    for (size_t i = 0; i < observed_.size(); ++i) new_ready += serves(i) && is_current(i);
    // The youngest of the old go first, so that the longest proven serve until the end.
    int keep = std::max(0, wanted_.replicas - new_ready);
    for (size_t i = 0; i < observed_.size(); ++i) {
      if (is_current(i)) continue;
      if (starts(i)) act(i, Action::Kind::kDrain);
      if (serves(i) && keep-- <= 0) act(i, Action::Kind::kDrain);
    }
  }

  void end_surplus() {
    int surplus = -wanted_.replicas;
    for (size_t i = 0; i < observed_.size(); ++i) surplus += is_current(i) && (serves(i) || starts(i));
    for (const bool ready : {false, true})
      for (size_t i = observed_.size(); i-- > 0 && surplus > 0;) {
        if (!is_current(i) || !(ready ? serves(i) : starts(i))) continue;
        act(i, Action::Kind::kDrain);
        --surplus;
      }
  }

  void start_missing() {
    int missing = wanted_.replicas;
    for (size_t i = 0; i < observed_.size(); ++i) missing -= is_current(i) && (serves(i) || starts(i));
    // A failed start sets a new `start_after` once it is reaped.
    if (missing <= 0 || failed_start_) return;
    if (now_ < wanted_.start_after) return wake(wanted_.start_after);
    for (; missing > 0; --missing) decision_.actions.push_back({Action::Kind::kStart, "", ""});
  }

  const WantedInstances& wanted_;
  std::span<const ObservedInstance> observed_;
  const SteadyTime now_;
  const LifeLimits& limits_;
  std::vector<bool> gone_;  // has an action already
  bool failed_start_ = false;
  Decision decision_;
};

}  // namespace

Decision decide(const WantedInstances& wanted, std::span<const ObservedInstance> observed, SteadyTime now,
                const LifeLimits& limits) {
  return Decider(wanted, observed, now, limits).run();
}

}  // namespace faisca::cluster
