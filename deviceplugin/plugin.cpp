#include "deviceplugin/plugin.h"

#include <nlohmann/json.hpp>

#include "api/types/offload_program/device_label.h"
#include "lib/kube/object.h"

namespace faisca::deviceplugin {
namespace {

Result<StoredProgram> project(const kube::Json& object) {
  FAISCA_TRY(program, api::parse_offload_program(object.dump(), api::UnknownFields::kIgnore));
  return StoredProgram{kube::generation_of(object),
                       std::make_shared<const api::OffloadProgram>(std::move(program))};
}

}  // namespace

Plugin::Plugin(kube::Client& client, Agent& agent, SlotBoard& board, const Clock& clock, Settings settings)
    : board_(board),
      settings_(std::move(settings)),
      keeper_(agent, clock),
      announcer_(client, clock, {settings_.identity, settings_.interval}),
      programs_(client,
                {.resource = kube::kOffloadPrograms,
                 .label_selector =
                     std::string(api::kDeviceLabel) + "=" + api::device_label(settings_.identity.name())},
                project) {
  programs_.on_change([this](const kube::ObjectKey&) {
    std::lock_guard lock(mutex_);
    changed_ = true;
    wake_.notify_all();
  });
}

void Plugin::start() {
  programs_.start();
  agent_thread_ = std::jthread([this](const std::stop_token& stop) { look_after_agent(stop); });
  writer_ = std::jthread([this](const std::stop_token& stop) { write(stop); });
}

void Plugin::stop() {
  for (std::jthread* thread : {&agent_thread_, &writer_}) thread->request_stop();
  for (std::jthread* thread : {&agent_thread_, &writer_})
    if (thread->joinable()) thread->join();
  programs_.stop();
}

void Plugin::look_after_agent(const std::stop_token& stop) {
  std::uint32_t engines = 0;  // as last told
  while (!stop.stop_requested()) {
    keeper_.step(wanted());
    const ObservedPtr seen = keeper_.observed();
    if (seen->agent) engines = seen->agent->engines;
    board_.set(slots_of(engines, static_cast<std::uint32_t>(settings_.identity.slots_per_engine),
                        seen->agent ? Health::kHealthy : Health::kUnhealthy));
    pause(stop);
  }
}

void Plugin::write(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    // Before the first look there is nothing to say.
    const ObservedPtr seen = keeper_.observed();
    if (seen->agent || !seen->why.empty()) announcer_.step(*seen);
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, settings_.look, [] { return false; });
  }
  announcer_.say_stopped(*keeper_.observed());
}

void Plugin::pause(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, stop, settings_.look, [this] { return changed_; });
  changed_ = false;
}

// Nothing before the first complete list: what is not in it would be taken for unwanted.
Wanted Plugin::wanted() const {
  Wanted wanted;
  if (!programs_.synced()) return wanted;
  for (const auto& item : programs_.all())
    if (item->value.program->spec.device == settings_.identity.name())
      wanted[item->key] = {item->value.generation, item->value.program};
  return wanted;
}

}  // namespace faisca::deviceplugin
