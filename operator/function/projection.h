// What the caches keep of Functions and their children: compact text, without what no decision needs. Pure.
#pragma once

#include <string>

#include "lib/base/result.h"
#include "lib/kube/json.h"

namespace faisca::operators {

// A child as it is compared: code in ConfigMaps and OffloadPrograms as digests, so that it is not kept a
// second time, and without apiVersion and kind, which the API server leaves out in lists.
kube::Json comparable(kube::Json object);

// A Function without what applying tools wrote into its annotations.
Result<std::string> function_text(const kube::Json& object);
// A child: metadata that matters, spec, status; data as digests.
Result<std::string> child_text(const kube::Json& object);

}  // namespace faisca::operators
