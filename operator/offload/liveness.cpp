#include "operator/offload/liveness.h"

#include "lib/base/duration.h"
#include "lib/kube/time_text.h"

namespace faisca::offload {
namespace {

bool fresh(const std::string& heartbeat, const Clock& clock, Duration grace) {
  const auto time = kube::parse_time(heartbeat);
  if (!time) return false;
  const auto age = clock.wall() - *time;
  return age <= grace && age >= -grace;
}

}  // namespace

LivenessTracker::Verdict LivenessTracker::look(const std::string& device, const DeviceSight& sight,
                                               const Clock& clock) {
  const SteadyTime now = clock.now();
  const auto [place, is_new] = seen_.try_emplace(device);
  Seen& seen = place->second;
  if (is_new) {
    seen = {sight.heartbeat, now, fresh(sight.heartbeat, clock, grace_)};
  } else if (seen.heartbeat != sight.heartbeat) {
    seen = {sight.heartbeat, now, true};
  }
  const bool late = now - seen.well_at > grace_;
  if (sight.ready && seen.proven && !late) return {Liveness::kReady, ""};
  std::string why = sight.why;
  if (sight.ready)
    why = late ? "nothing was heard of it for more than " + format_duration(grace_)
               : "its last heartbeat, " + (sight.heartbeat.empty() ? "none" : sight.heartbeat) + ", is old";
  return {late ? Liveness::kGone : Liveness::kDoubtful, why.empty() ? "it is not ready" : why};
}

std::optional<SteadyTime> LivenessTracker::next_change(SteadyTime now) const {
  std::optional<SteadyTime> next;
  for (const auto& [device, seen] : seen_) {
    const SteadyTime gone = seen.well_at + grace_ + std::chrono::milliseconds(1);
    if (gone > now && (!next || gone < *next)) next = gone;
  }
  return next;
}

}  // namespace faisca::offload
