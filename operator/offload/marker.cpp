#include "operator/offload/marker.h"

#include <nlohmann/json.hpp>

#include "lib/base/log.h"
#include "lib/kube/api_error.h"
#include "lib/kube/object.h"
#include "lib/kube/time_text.h"

namespace faisca::offload {
namespace {

constexpr char kFieldManager[] = "faisca-operator";

}  // namespace

void Marker::mark(const std::vector<SilentDevice>& silent) {
  for (const SilentDevice& device : silent) {
    kube::Json object = kube::make_object(kube::kOffloadDevices, {"", device.name});
    object["status"]["conditions"] =
        kube::Json::array({{{"type", "Ready"},
                            {"status", "Unknown"},
                            {"reason", "Silent"},
                            {"message", device.why},
                            {"lastTransitionTime", kube::time_text(clock_.wall())}}});
    const auto written = client_.send(kube::apply(kube::kOffloadDevices, object, kFieldManager, "status"));
    if (written)
      log_info("device is silent", {{"device", device.name}, {"why", device.why}});
    else if (!kube::is_not_found(written.error()))
      log_warning("silent device not marked", {{"device", device.name}, {"error", written.error()}});
  }
}

}  // namespace faisca::offload
