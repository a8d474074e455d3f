// What the plugin tells Prometheus of its device, in the text format. Counters are the agent's own: they
// begin at 0 when it starts, and a function's when its program is loaded. Pure.
#pragma once

#include <string>

#include "deviceplugin/device/device.h"
#include "deviceplugin/programs/keeper.h"

namespace faisca::deviceplugin {

std::string metrics_text(const DeviceIdentity& identity, const Observed& observed);

}  // namespace faisca::deviceplugin
