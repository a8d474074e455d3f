// Whether a request that failed is sent again. Pure; internal to lib/kube.
#pragma once

#include <optional>

#include "lib/kube/request.h"
#include "lib/kube/transport.h"

namespace faisca::kube {

// kAfter: as the server asks (Retry-After); kBackoff: as our own back-off says.
enum class Again { kNo, kAfter, kBackoff };

Again again(Verb verb, const HttpAnswer& answer);
Again again(Verb verb, const NoAnswer& none);

}  // namespace faisca::kube
