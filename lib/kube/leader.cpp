#include "lib/kube/leader.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lib/base/log.h"
#include "lib/kube/api_error.h"
#include "lib/kube/object.h"
#include "lib/kube/time_text.h"

namespace faisca::kube {
namespace {

using std::chrono::milliseconds;

int64_t whole_seconds(milliseconds duration) {
  return std::max<int64_t>(1, std::chrono::ceil<std::chrono::seconds>(duration).count());
}

int64_t number_at(const Json& object, std::string_view pointer) {
  const Json& value = at(object, pointer);
  return value.is_number_integer() ? value.get<int64_t>() : 0;
}

SteadyTime free_at(const LeaseView& view, const LeaderSettings& settings) {
  return view.seen_at + (view.duration > milliseconds(0) ? view.duration : settings.lease_duration);
}

}  // namespace

LeaseView read_lease(const Json& lease, const LeaseView& before, SteadyTime now) {
  LeaseView view{.holder = text_at(lease, "/spec/holderIdentity"),
                 .resource_version = resource_version_of(lease),
                 .renewed = text_at(lease, "/spec/renewTime"),
                 .duration = std::chrono::seconds(
                     std::clamp<int64_t>(number_at(lease, "/spec/leaseDurationSeconds"), 0, 3600)),
                 .transitions = static_cast<int>(number_at(lease, "/spec/leaseTransitions")),
                 .exists = true,
                 .seen_at = now};
  const bool is_same = before.exists && before.holder == view.holder && before.renewed == view.renewed &&
                       before.resource_version == view.resource_version;
  if (is_same) view.seen_at = before.seen_at;
  return view;
}

LeaseStep next_step(const LeaseView& view, const LeaderSettings& settings, SteadyTime now) {
  if (!view.exists) return LeaseStep::kCreate;
  if (view.holder == settings.identity) return LeaseStep::kRenew;
  if (view.holder.empty() || now >= free_at(view, settings)) return LeaseStep::kTake;
  return LeaseStep::kWait;
}

LeaderElection::LeaderElection(Client& client, const Clock& clock, LeaderSettings settings,
                               std::function<void(bool)> changed)
    : client_(client), clock_(clock), settings_(std::move(settings)), changed_(std::move(changed)) {}

LeaderElection::~LeaderElection() { stop(); }

void LeaderElection::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void LeaderElection::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

bool LeaderElection::is_leader() const {
  std::lock_guard lock(mutex_);
  return leader_until_ && clock_.now() < *leader_until_;
}

std::string LeaderElection::holder() const {
  std::lock_guard lock(mutex_);
  return holder_;
}

void LeaderElection::run(std::stop_token stop) {
  stop_ = stop;
  while (!stop.stop_requested()) {
    step();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, until_next_step(), [] { return false; });
  }
  release();
}

// A waiter looks again when the lease becomes free, a holder when it stops being one.
Duration LeaderElection::until_next_step() const {
  Duration wait = settings_.retry;
  if (view_.exists && view_.holder != settings_.identity)
    wait = std::min<Duration>(wait, free_at(view_, settings_) - clock_.now());
  if (leader_until_) wait = std::min<Duration>(wait, *leader_until_ - clock_.now());
  return std::max<Duration>(wait, milliseconds(10));
}

void LeaderElection::step() {
  Status outcome = look();
  if (outcome) {
    const LeaseStep what = next_step(view_, settings_, clock_.now());
    if (what != LeaseStep::kWait) outcome = write(what);
  }
  note(outcome);
  tell();
}

// Says the first of a row of failures. Losing a race is none.
void LeaderElection::note(const Status& outcome) {
  const bool fails = !outcome && !is_conflict(outcome.error()) && !is_already_there(outcome.error());
  if (fails && !failing_)
    log_warning("cannot keep or take the lease",
                {{"lease", settings_.lease.text()}, {"error", outcome.error()}});
  if (!fails && failing_) log_info("the lease can be reached again", {{"lease", settings_.lease.text()}});
  failing_ = fails;
}

// No request may outlive the leadership it is made under, or its end would be told late.
milliseconds LeaderElection::request_timeout() const {
  milliseconds longest = settings_.renew_deadline / 2;
  std::lock_guard lock(mutex_);
  if (leader_until_ && *leader_until_ > clock_.now())
    longest = std::min(longest, std::chrono::ceil<milliseconds>(*leader_until_ - clock_.now()));
  return std::max(longest, milliseconds(50));
}

Status LeaderElection::look() {
  Request request = get(kLeases, settings_.lease);
  request.timeout = request_timeout();
  request.stop = stop_;
  auto lease = client_.send(request);
  if (!lease && !is_not_found(lease.error())) return fail(std::move(lease).error());
  // Taken after the answer: waiting longer than needed is safe, shorter is not.
  view_ = lease ? read_lease(*lease, view_, clock_.now()) : LeaseView{};
  std::lock_guard lock(mutex_);
  holder_ = view_.holder;
  if (view_.holder != settings_.identity) leader_until_.reset();
  return {};
}

Status LeaderElection::write(LeaseStep what) {
  const std::string now = micro_time_text(clock_.wall());
  Json lease = make_object(kLeases, settings_.lease);
  Json& spec = lease["spec"];
  spec["holderIdentity"] = settings_.identity;
  spec["leaseDurationSeconds"] = whole_seconds(settings_.lease_duration);
  spec["renewTime"] = now;
  if (what != LeaseStep::kRenew) {
    spec["acquireTime"] = now;
    spec["leaseTransitions"] = what == LeaseStep::kTake ? view_.transitions + 1 : 0;
  }
  if (what != LeaseStep::kCreate) lease["metadata"]["resourceVersion"] = view_.resource_version;
  Request request =
      what == LeaseStep::kCreate ? create(kLeases, lease) : merge_patch(kLeases, settings_.lease, lease);
  request.timeout = request_timeout();
  request.stop = stop_;
  const SteadyTime sent = clock_.now();
  FAISCA_TRY(written, client_.send(request));
  view_ = read_lease(written, view_, clock_.now());
  std::lock_guard lock(mutex_);
  holder_ = settings_.identity;
  leader_until_ = sent + settings_.renew_deadline;
  return {};
}

void LeaderElection::tell() {
  const bool is = is_leader();
  if (is == told_) return;
  told_ = is;
  log_info(is ? "leading" : "no longer leading",
           {{"lease", settings_.lease.text()}, {"identity", settings_.identity}, {"holder", holder()}});
  if (changed_) changed_(is);
}

void LeaderElection::release() {
  const bool was_leader = is_leader();
  {
    std::lock_guard lock(mutex_);
    leader_until_.reset();
  }
  tell();  // before the lease is free
  if (!was_leader) return;
  stop_ = {};  // the last requests are made although we stop
  Status outcome = give_back();
  // A renewal that was stopped half way may have been stored.
  if (!outcome && is_conflict(outcome.error()) && (outcome = look()) && view_.holder == settings_.identity)
    outcome = give_back();
  if (!outcome) log_warning("cannot release the lease; it runs out by itself", {{"error", outcome.error()}});
}

Status LeaderElection::give_back() {
  const Json patch{{"metadata", {{"resourceVersion", view_.resource_version}}},
                   {"spec", {{"holderIdentity", ""}, {"leaseDurationSeconds", 1}}}};
  Request request = merge_patch(kLeases, settings_.lease, patch);
  request.timeout = settings_.retry;
  FAISCA_TRY(released, client_.send(request));
  return {};
}

}  // namespace faisca::kube
