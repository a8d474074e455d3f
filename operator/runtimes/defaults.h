// The Runtimes that come with an installation: files of one Runtime each in a folder (a mounted ConfigMap),
// which the leading operator applies. The chart cannot install them itself, because helm looks up every kind
// before it creates anything, and the definition of Runtime is in the same chart.
//
// A Runtime that is equal already is not written. One of the same name that somebody changed is set back;
// other Runtimes are left alone, also those that an older release brought. Thread: any; apply_runtimes blocks
// its caller.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string_view>
#include <vector>

#include "api/types/runtime/runtime.h"
#include "lib/kube/client.h"

namespace faisca::operators {

// The files NAME.yaml of `folder`, in the order of their names. An empty path holds none. kInvalidArgument
// with the file's name for one that is not a Runtime.
Result<std::vector<api::Runtime>> read_runtimes(const std::filesystem::path& folder);

struct RuntimeWrites {
  int written = 0;
  int unchanged = 0;
};
// Applies each as `field_manager`. The first error ends it.
Result<RuntimeWrites> apply_runtimes(kube::Client& client, const std::vector<api::Runtime>& runtimes,
                                     std::string_view field_manager);

// The same until it succeeds or `stop` is requested (kCancelled), with growing waits: just after an
// installation the definition of Runtime may not be served yet. Logs what happens.
Status ensure_runtimes(kube::Client& client, const std::vector<api::Runtime>& runtimes,
                       std::string_view field_manager, std::stop_token stop);

}  // namespace faisca::operators
