#include "deviceplugin/programs/keeper.h"

#include <utility>

#include "lib/base/log.h"

namespace faisca::deviceplugin {

void Keeper::step(const Wanted& wanted) {
  auto state = agent_.state();
  if (state) {
    const Plan todo = plan(wanted, held_, *state, clock_.now());
    carry_out(todo, wanted, state->instance);
    // The state as it is after that, so that what was just loaded counts as loaded.
    if (!todo.load.empty() || !todo.drop.empty()) state = agent_.state();
  }
  if (state) well_at_ = clock_.wall();
  if (!state != away_) {
    away_ = !state;
    if (away_)
      log_warning("agent away", {{"error", state.error()}});
    else
      log_info("agent answers", {{"device", state->device}, {"instance", state->instance}});
  }
  auto observed = std::make_shared<Observed>();
  observed->wanted = wanted;
  observed->held = held_;
  observed->well_at = well_at_;
  if (state)
    observed->agent = *std::move(state);
  else
    observed->why = state.error().text();
  std::lock_guard lock(mutex_);
  observed_ = std::move(observed);
}

ObservedPtr Keeper::observed() const {
  std::lock_guard lock(mutex_);
  return observed_;
}

void Keeper::carry_out(const Plan& plan, const Wanted& wanted, const std::string& instance) {
  for (const kube::ObjectKey& key : plan.drop) {
    const HeldProgram& held = held_.at(key);
    if (held.instance == instance) unload(held.id);
    held_.erase(key);
  }
  for (const kube::ObjectKey& key : plan.load) load(key, wanted.at(key), instance);
}

void Keeper::load(const kube::ObjectKey& key, const WantedProgram& wanted, const std::string& instance) {
  const api::OffloadProgramSpec& spec = wanted.program->spec;
  auto id = agent_.load({.object = spec.object,
                         .entry = spec.entry,
                         .convention = spec.convention,
                         .function = key.space + "/" + spec.function});
  HeldProgram& held = held_[key];
  const HeldProgram before = std::exchange(held, {});
  held.generation = wanted.generation;
  held.instance = instance;
  held.tried_at = clock_.now();
  if (id) {
    held.id = *std::move(id);
    log_info("program loaded", {{"program", key.text()}, {"id", held.id}});
  } else {
    held.error = std::move(id).error();
    held.failures = before.error ? before.failures + 1 : 1;
    if (!before.error || before.error->text() != held.error->text())
      log_warning("program not loaded", {{"program", key.text()}, {"error", *held.error}});
  }
  if (before.instance == instance && before.id != held.id) unload(before.id);  // its earlier version
}

void Keeper::unload(const std::string& id) {
  if (id.empty()) return;
  const Status done = agent_.unload(id);
  // Not tried again: the agent forgets what is not used when it needs the room.
  if (!done)
    log_warning("program not unloaded", {{"id", id}, {"error", done.error()}});
  else
    log_info("program unloaded", {{"id", id}});
}

}  // namespace faisca::deviceplugin
