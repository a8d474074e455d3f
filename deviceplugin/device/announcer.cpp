#include "deviceplugin/device/announcer.h"

#include <nlohmann/json.hpp>

#include "deviceplugin/programs/status.h"
#include "lib/base/log.h"
#include "lib/kube/api_error.h"
#include "lib/kube/object.h"
#include "lib/kube/time_text.h"

namespace faisca::deviceplugin {
namespace {

constexpr char kFieldManager[] = "faisca-device-plugin";
constexpr std::chrono::milliseconds kTimeout{5000};
constexpr std::chrono::seconds kRepair{5};  // the informer has seen our last write by then

kube::Request quick(kube::Request request) {
  request.timeout = kTimeout;
  return request;
}

// The empty text for the epoch: never.
std::string heartbeat_text(WallTime time) { return time == WallTime{} ? "" : kube::time_text(time); }

}  // namespace

void Announcer::step(const Observed& observed) {
  Status done = begin();
  if (done) done = write_device(observed, Away::kSilent);
  report(done, "device not announced");
  if (done) write_programs(observed);
}

void Announcer::say_stopped(const Observed& observed) {
  Observed last = observed;
  last.agent.reset();
  last.why = "the device plugin was stopped";
  if (exists_) report(write_device(last, Away::kStopping), "device not announced as stopped");
}

// What is known of the device from before our start: its figures stay while the agent is away.
Status Announcer::begin() {
  if (begun_) return {};
  const auto found = client_.send(quick(kube::get(kube::kOffloadDevices, {"", settings_.identity.name()})));
  if (!found && !kube::is_not_found(found.error())) return fail(found.error());
  if (found) {
    const auto device = api::parse_offload_device(found->dump(), api::UnknownFields::kIgnore);
    if (device) device_ = device->status;
    exists_ = true;
  }
  const auto node = client_.send(quick(kube::get(kube::kNodes, {"", settings_.identity.node})));
  if (node)
    node_uid_ = kube::uid_of(*node);
  else if (!kube::is_not_found(node.error()) && kube::is_transient(node.error()))
    return fail(node.error());
  else
    log_warning("the device will stay when its node is deleted", {{"error", node.error()}});
  begun_ = true;
  return {};
}

Status Announcer::write_device(const Observed& observed, Away away) {
  if (!observed.agent && !exists_) return {};  // nothing is known of it yet
  const SteadyTime now = clock_.now();
  const std::string heartbeat = heartbeat_text(observed.well_at);
  const api::OffloadDevice next =
      device_of(settings_.identity,
                {.agent = observed.agent,
                 .away = away,
                 .why = observed.why,
                 .heartbeat = heartbeat.empty() ? device_.last_heartbeat : heartbeat,
                 .now = kube::time_text(clock_.wall())},
                observed.wanted, observed.held, device_);
  const bool late = !device_written_ || now - *device_written_ >= settings_.interval;
  if (!differs_in_substance(next.status, device_) && (!late || next.status == device_)) return {};
  if (!device_written_ || !exists_) FAISCA_CHECK_OK(apply_device(next));
  Status done = apply_status(next);
  if (!done && kube::is_not_found(done.error())) {  // somebody has deleted it
    FAISCA_CHECK_OK(apply_device(next));
    done = apply_status(next);
  }
  FAISCA_CHECK_OK(std::move(done));
  device_ = next.status;
  device_written_ = now;
  return {};
}

Status Announcer::apply_device(const api::OffloadDevice& device) {
  auto body = kube::Json::parse(api::print_offload_device_spec_json(device));
  if (!node_uid_.empty())
    body["metadata"]["ownerReferences"] = kube::Json::array(
        {{{"apiVersion", "v1"}, {"kind", "Node"}, {"name", settings_.identity.node}, {"uid", node_uid_}}});
  const auto applied = client_.send(quick(kube::apply(kube::kOffloadDevices, body, kFieldManager)));
  if (!applied) return fail(applied.error());
  exists_ = true;
  log_info("device announced", {{"device", device.metadata.name}});
  return {};
}

Status Announcer::apply_status(const api::OffloadDevice& device) {
  auto body = kube::Json::parse(api::print_offload_device_json(device));
  body.erase("spec");
  const auto applied = client_.send(quick(kube::apply(kube::kOffloadDevices, body, kFieldManager, "status")));
  if (!applied) return fail(applied.error());
  return {};
}

void Announcer::write_programs(const Observed& observed) {
  std::erase_if(programs_, [&](const auto& entry) { return !observed.wanted.contains(entry.first); });
  const AgentView view{.state = observed.agent ? &*observed.agent : nullptr, .why = observed.why};
  const std::string now = kube::time_text(clock_.wall());
  for (const auto& [key, wanted] : observed.wanted) {
    const auto held = observed.held.find(key);
    const auto known = programs_.find(key);
    const api::OffloadProgramStatus& stored = wanted.program->status;
    const api::OffloadProgramStatus& before = known == programs_.end() ? stored : known->second.status;
    const api::OffloadProgramStatus next =
        status_of(wanted, held == observed.held.end() ? nullptr : &held->second, view,
                  settings_.identity.name(), before, now);
    if (!due(key, next, stored)) continue;
    const Status done = write_program(key, next);
    if (done) programs_[key] = {next, clock_.now()};
    // Gone meanwhile: the informer will say so.
    else if (!kube::is_not_found(done.error()))
      report(done, "program's status not written");
  }
}

bool Announcer::due(const kube::ObjectKey& key, const api::OffloadProgramStatus& next,
                    const api::OffloadProgramStatus& stored) const {
  const auto known = programs_.find(key);
  if (known == programs_.end()) return next != stored;
  const Duration age = clock_.now() - known->second.at;
  if (differs_in_substance(next, known->second.status)) return true;
  if (next != known->second.status) return age >= settings_.interval;
  return differs_in_substance(next, stored) && age >= kRepair;  // somebody else wrote it
}

Status Announcer::write_program(const kube::ObjectKey& key, const api::OffloadProgramStatus& status) {
  api::OffloadProgram program;
  program.metadata.name = key.name;
  program.metadata.name_space = key.space;
  program.status = status;
  auto body = kube::Json::parse(api::print_offload_program_json(program));
  body.erase("spec");
  const auto applied =
      client_.send(quick(kube::apply(kube::kOffloadPrograms, body, kFieldManager, "status")));
  if (!applied) return fail(applied.error());
  return {};
}

// The same trouble once, not every second.
void Announcer::report(const Status& status, const char* what) {
  const std::string text = status ? "" : status.error().text();
  if (!status && text != last_error_) log_warning(what, {{"error", status.error()}});
  last_error_ = text;
}

}  // namespace faisca::deviceplugin
