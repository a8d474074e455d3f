#include "operator/function/controller.h"

#include <nlohmann/json.hpp>

#include "lib/base/log.h"
#include "lib/kube/api_error.h"
#include "lib/kube/apply.h"
#include "lib/kube/object.h"
#include "lib/kube/time_text.h"
#include "operator/function/projection.h"

namespace faisca::operators {
namespace {

using kube::Json;

constexpr Duration kAgainSoon = std::chrono::seconds(2);  // for caches to catch up, for a former child to go
constexpr Duration kAgainConflict =
    std::chrono::seconds(10);  // no watch tells when somebody else's object goes
constexpr Duration kAgainRefused = std::chrono::seconds(60);  // a quota may have been raised meanwhile

Json parse(const std::string& text) { return Json::parse(text, nullptr, false); }

// The API server will say the same again until somebody changes something.
bool is_final(const Error& error) {
  return error.code == Code::kInvalidArgument || error.code == Code::kPermissionDenied ||
         error.code == Code::kUnimplemented;
}

}  // namespace

FunctionController::FunctionController(Parts parts, FunctionSettings settings)
    : parts_(std::move(parts)),
      settings_(std::move(settings)),
      queue_(parts_.clock),
      caches_(parts_.client, parts_.origin, parts_.spaces) {
  caches_.on_gone(
      [this](const kube::Resource& resource, const kube::ObjectKey& key) { recent_.forget(resource, key); });
  caches_.on_function([this](const kube::ObjectKey& key) { queue_.add(key); });
}

FunctionController::~FunctionController() { stop(); }

void FunctionController::watch() { caches_.start(); }

void FunctionController::act(int workers) {
  for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { work(); });
}

void FunctionController::stop() {
  queue_.shut_down();
  workers_.clear();
  caches_.stop();
}

void FunctionController::work() {
  while (const auto key = queue_.take()) {
    work_on(*key);
    queue_.done(*key);
    if (parts_.metrics) parts_.metrics->queue(queue_.waiting());
  }
}

void FunctionController::work_on(const kube::ObjectKey& key) {
  const SteadyTime start = parts_.clock.now();
  const auto again = reconcile(key);
  if (parts_.metrics)
    parts_.metrics->reconciled(again ? ReconcileEnd::kDone : ReconcileEnd::kFailed,
                               parts_.clock.now() - start);
  if (!again) {
    log_warning("look at a function failed; it is repeated",
                {{"function", key.text()}, {"error", again.error()}});
    return queue_.add_failed(key);
  }
  queue_.forget(key);
  if (*again) queue_.add_after(key, **again);
}

void FunctionController::forget(const kube::ObjectKey& key) {
  if (parts_.placer) parts_.placer->drop(key);
  std::lock_guard lock(mutex_);
  applied_at_.erase(key);
  counters_at_.erase(key);
}

std::optional<Observed> FunctionController::observe(const kube::ObjectKey& key) {
  const auto item = caches_.function(key);
  if (!item) return std::nullopt;
  const std::string text =
      recent_.newer(parts_.origin.resource, key, item->resource_version).value_or(item->value.text);
  const Json object = parse(text);
  Observed out;
  out.owner = {parts_.origin.resource, key, item->uid};
  out.generation = kube::generation_of(object);
  out.deleting = kube::is_being_deleted(object);
  if (auto status = parts_.origin.read_status(text)) out.status = *std::move(status);
  auto function = parts_.origin.read(text);
  if (!function) {
    out.unreadable = Problem{"InvalidSpec", function.error().text()};
    return out;
  }
  out.function = *std::move(function);
  out.function.metadata.name_space = key.space;
  if (const auto& source = out.function.spec.source) out.runtime = caches_.runtime(source->runtime);
  if (out.function.spec.offload && parts_.placer) {
    auto placement = parts_.placer->place(out.function, wanted_replicas(out.function.spec));
    if (placement)
      out.placement = *std::move(placement);
    else
      out.unplaceable = Problem{"InvalidSpec", placement.error().text()};
  }
  for (const ChildKind kind : kChildKinds) {
    const auto child = caches_.child(kind, key);
    auto answer =
        recent_.newer(resource_of(kind), child_key(kind, key), child ? child->resource_version : "");
    if (answer || child) out.live[kind] = parse(answer ? *answer : child->value);
  }
  out.pods = caches_.pods(key);
  return out;
}

// A child that the caches do not have may be somebody else's: they hold what carries our label.
Status FunctionController::observe_unknown(const Decision& decision, Observed& out) {
  for (const Wanted& wanted : decision.apply) {
    if (out.live.contains(wanted.kind)) continue;
    auto live =
        parts_.client.send(kube::get(resource_of(wanted.kind), child_key(wanted.kind, out.owner.key)));
    if (live)
      out.live[wanted.kind] = comparable(*std::move(live));
    else if (!kube::is_not_found(live.error()))
      return fail(std::move(live).error());
  }
  return {};
}

// What the API server will not have is told in the status; anything else is tried again.
Status FunctionController::take_refusal(const Error& error, const Wanted& child, Applied& out) const {
  if (error.code == Code::kFailedPrecondition) {
    out.space_ends = true;
    return {};
  }
  if (!is_final(error)) return fail(error);
  out.refused = Problem{error.code == Code::kPermissionDenied ? "Forbidden" : "Refused",
                        "the " + std::string(resource_of(child.kind).kind) + " was refused: " + error.text()};
  return {};
}

Result<FunctionController::Applied> FunctionController::apply(const Observed& observed,
                                                              const Decision& decision) {
  Applied out;
  const kube::ObjectKey& key = observed.owner.key;
  if (const auto live = observed.live.find(ChildKind::kDeployment); live != observed.live.end())
    out.deployment = live->second;
  for (const ChildKind kind : decision.remove) {
    const kube::Preconditions only{.uid = kube::uid_of(observed.live.at(kind)), .resource_version = ""};
    auto gone = parts_.client.send(
        kube::remove(resource_of(kind), child_key(kind, key), kube::Propagation::kBackground, only));
    if (!gone && !kube::is_not_found(gone.error())) return fail(std::move(gone).error());
    if (kind == ChildKind::kDeployment) out.deployment = nullptr;
    out.wrote = true;
  }
  for (const Wanted& child : decision.apply) {
    auto answer = parts_.client.send(kube::apply(resource_of(child.kind), child.object, kFieldManager));
    if (!answer) {
      FAISCA_CHECK_OK(take_refusal(answer.error(), child, out));
      return out;
    }
    out.wrote = true;
    FAISCA_TRY(text, child_text(*answer));
    recent_.put(resource_of(child.kind), child_key(child.kind, key), kube::resource_version_of(*answer),
                text);
    if (child.kind == ChildKind::kDeployment) out.deployment = parse(text);
  }
  return out;
}

Result<std::optional<Duration>> FunctionController::write_status(const Observed& observed,
                                                                 const api::FunctionStatus& status) {
  const kube::ObjectKey& key = observed.owner.key;
  if (status == observed.status) return std::nullopt;
  const SteadyTime now = parts_.clock.now();
  if (only_counters_differ(observed.status, status)) {
    std::lock_guard lock(mutex_);
    SteadyTime& last = counters_at_.try_emplace(key, now).first->second;
    if (now - last < settings_.counters) return last + settings_.counters - now;
    last = now;
  }
  Json object = kube::make_object(parts_.origin.resource, key);
  object["metadata"]["uid"] = observed.owner.uid;  // not a newer Function of the same name
  object["status"] = parts_.origin.status_json(status);
  auto answer = parts_.client.send(kube::apply(parts_.origin.resource, object, kFieldManager, "status"));
  if (!answer && kube::is_not_found(answer.error())) return std::nullopt;
  if (!answer) return fail(std::move(answer).error());
  FAISCA_TRY(text, function_text(*answer));
  recent_.put(parts_.origin.resource, key, kube::resource_version_of(*answer), std::move(text));
  if (const auto tale = tell(observed.status, status); tale && parts_.events)
    parts_.events->record({.subject = {parts_.origin.resource, key, observed.owner.uid},
                           .type = tale->warning ? kube::EventType::kWarning : kube::EventType::kNormal,
                           .reason = tale->reason,
                           .action = "Reconcile",
                           .message = tale->message});
  return std::nullopt;
}

Result<std::optional<Duration>> FunctionController::reconcile(const kube::ObjectKey& key) {
  auto observed = observe(key);
  if (!observed) {
    forget(key);
    return std::nullopt;
  }
  if (observed->deleting) return std::nullopt;
  if (!observed->function.spec.offload && parts_.placer) parts_.placer->drop(key);

  Decision decision = decide(*observed, settings_);
  const size_t known = observed->live.size();
  FAISCA_CHECK_OK(observe_unknown(decision, *observed));
  if (observed->live.size() != known) decision = decide(*observed, settings_);
  if (decision.wait) return kAgainSoon;

  FAISCA_TRY(applied, apply(*observed, decision));
  if (applied.space_ends) return std::nullopt;
  const SteadyTime now = parts_.clock.now();
  const api::FunctionStatus status = decide_status({.observed = *observed,
                                                    .decision = decision,
                                                    .deployment = applied.deployment,
                                                    .refused = applied.refused,
                                                    .now = kube::time_text(parts_.clock.wall())},
                                                   settings_);
  // Most changes are done within `settle`: wait for that instead of writing twice.
  const api::Condition* ready = api::find_condition(status.conditions, api::kReady);
  {
    std::lock_guard lock(mutex_);
    if (applied.wrote) applied_at_[key] = now;
    const auto since = applied_at_.find(key);
    if (since != applied_at_.end()) {
      const Duration left = settings_.settle - (now - since->second);
      if (ready && ready->status == api::ConditionStatus::kUnknown && left > Duration::zero()) return left;
      applied_at_.erase(since);
    }
  }
  FAISCA_TRY(again, write_status(*observed, status));
  if (again) return again;
  if (applied.refused) return kAgainRefused;
  if (decision.problem && decision.problem->reason == kNameConflict) return kAgainConflict;
  if (recent_.size() > 0 && applied.wrote) return kAgainSoon;
  return std::nullopt;
}

}  // namespace faisca::operators
