// An answer's bytes as JSON, without what nobody reads. Internal to lib/kube. Thread: pure.
#pragma once

#include <string_view>

#include "lib/base/result.h"
#include "lib/kube/json.h"

namespace faisca::kube {

// Leaves `metadata.managedFields` out while parsing, wherever an object or a list of objects has it: it is
// often half of the bytes. kUnknown: not JSON.
Result<Json> parse_answer(std::string_view body);

}  // namespace faisca::kube
