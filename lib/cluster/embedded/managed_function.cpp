#include "lib/cluster/embedded/managed_function.h"

#include <algorithm>

#include "lib/base/log.h"

namespace faisca::cluster {

ManagedFunction::ManagedFunction(PlanPtr plan, int replicas, const EmbeddedSettings& settings)
    : settings_(settings),
      plan_(std::move(plan)),
      replicas_(replicas),
      // A request that was accepted may take its whole time.
      drain_limit_(settings.drain_timeout + plan_->deployment.function.spec.timeouts.exec),
      backoff_(settings.restart) {}

void ManagedFunction::change(PlanPtr plan, SteadyTime now) {
  if (plan->deployment.generation != plan_->deployment.generation) {
    backoff_.reset();
    start_after_ = now;
    failure_.clear();
  }
  plan_ = std::move(plan);
}

void ManagedFunction::end(Duration drain_limit) {
  ending_ = true;
  replicas_ = 0;
  drain_limit_ = drain_limit;
}

Instance* ManagedFunction::find(const std::string& id) {
  for (const auto& instance : instances_)
    if (instance->id() == id) return instance.get();
  return nullptr;
}

std::optional<SteadyTime> ManagedFunction::reconcile(SteadyTime now, const Hooks& hooks) {
  std::vector<ObservedInstance> observed;
  for (const auto& instance : instances_) observed.push_back(instance->observed());
  Decision decision =
      decide({plan_->broken.empty() ? replicas_ : 0, plan_->deployment.generation, start_after_}, observed,
             now, {settings_.ready_timeout, drain_limit_, settings_.silence_timeout});
  for (Action& action : decision.actions) {
    Instance* instance = find(action.id);
    if (action.kind == Action::Kind::kDrain) instance->drain(now);
    if (action.kind == Action::Kind::kKill) instance->kill(now, std::move(action.reason));
    if (action.kind != Action::Kind::kStart) continue;
    auto started = Instance::start(plan_, name() + "-" + hooks.new_id_suffix(), settings_, now);
    if (!started) {
      failed("cannot start: " + started.error().text(), false, now);
      if (!decision.wake || start_after_ < *decision.wake) decision.wake = start_after_;
      break;
    }
    log_info("instance started",
             {{"function", name()}, {"instance", (*started)->id()}, {"pid", (*started)->pid()}});
    instances_.push_back(std::move(*started));
    hooks.started(*instances_.back());
  }
  return decision.wake;
}

void ManagedFunction::failed(std::string why, bool was_stable, SteadyTime now) {
  failure_ = std::move(why);
  if (was_stable) backoff_.reset();
  start_after_ = was_stable ? now : now + backoff_.next();
  log_warning("instance failed", {{"function", name()}, {"reason", failure_}});
}

std::unique_ptr<Instance> ManagedFunction::on_exit(Instance& instance, SteadyTime now, WallTime wall) {
  const auto place =
      std::find_if(instances_.begin(), instances_.end(), [&](const auto& i) { return i.get() == &instance; });
  std::unique_ptr<Instance> gone = std::move(*place);
  instances_.erase(place);
  const bool stable = gone->phase() == Phase::kReady && now - gone->ready_since() >= settings_.stable_after;
  const std::string how = gone->on_exit(wall);
  if (gone->was_asked_to_end()) {
    log_info("instance stopped", {{"function", name()}, {"instance", gone->id()}});
  } else {
    failed("instance " + gone->id() + " " + how, stable, now);
  }
  return gone;
}

FunctionState ManagedFunction::state() const {
  FunctionState state;
  const Deployment& deployment = plan_->deployment;
  state.function = deployment.function;
  state.created_at = deployment.created_at;
  state.generation = deployment.generation;
  state.replicas = replicas_;
  int missing = replicas_;
  for (const auto& instance : instances_) {
    if (instance->phase() != Phase::kReady) continue;
    state.ready.push_back(instance->endpoint());
    missing -= instance->observed().revision == deployment.generation;
  }
  if (!plan_->broken.empty()) {
    state.reason = plan_->broken;
  } else if (missing > 0) {
    state.reason = !failure_.empty() ? failure_
                   : missing == 1    ? "1 instance is starting"
                                     : std::to_string(missing) + " instances are starting";
  }
  return state;
}

}  // namespace faisca::cluster
