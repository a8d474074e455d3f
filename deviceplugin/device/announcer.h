// Writes what the plugin knows to the API server: the OffloadDevice with its heartbeat, the status of its
// OffloadPrograms. Writes nothing that is known to be there already: counters and heartbeat at most every
// `interval`, all else at once.
//
// Everything is applied by the field manager faisca-device-plugin. Failures are logged and repeated at the
// next step. Thread: owned by one.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "deviceplugin/device/device.h"
#include "deviceplugin/programs/keeper.h"
#include "lib/base/clock.h"
#include "lib/kube/client.h"

namespace faisca::deviceplugin {

class Announcer {
 public:
  struct Settings {
    DeviceIdentity identity;
    Duration interval = std::chrono::seconds(10);
  };
  // `client` and `clock` outlive it.
  Announcer(kube::Client& client, const Clock& clock, Settings settings)
      : client_(client), clock_(clock), settings_(std::move(settings)) {}

  void step(const Observed& observed);
  // The last words of a plugin that is being stopped: the device gets no more functions.
  void say_stopped(const Observed& observed);

 private:
  struct Written {
    api::OffloadProgramStatus status;
    SteadyTime at{};
  };

  Status begin();
  Status write_device(const Observed& observed, Away away);
  Status apply_device(const api::OffloadDevice& device);
  Status apply_status(const api::OffloadDevice& device);
  void write_programs(const Observed& observed);
  Status write_program(const kube::ObjectKey& key, const api::OffloadProgramStatus& status);
  bool due(const kube::ObjectKey& key, const api::OffloadProgramStatus& next,
           const api::OffloadProgramStatus& stored) const;
  void report(const Status& status, const char* what);

  kube::Client& client_;
  const Clock& clock_;
  const Settings settings_;
  bool begun_ = false;               // what is there already was read
  bool exists_ = false;              // the OffloadDevice, as far as we know
  std::string node_uid_;             // its owner; empty: not known
  api::OffloadDeviceStatus device_;  // as last written
  std::optional<SteadyTime> device_written_;
  std::map<kube::ObjectKey, Written> programs_;
  std::string last_error_;  // said already
};

}  // namespace faisca::deviceplugin
