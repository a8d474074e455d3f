// Label and field selectors, as far as a FakeClient knows them: "a=b", "a!=b", "a", "!a", joined by commas;
// fields metadata.name and metadata.namespace. Thread: pure.
#pragma once

#include <string_view>

#include "lib/kube/json.h"

namespace faisca::kube::testing {

bool selects(std::string_view labels, std::string_view fields, const Json& object);

}  // namespace faisca::kube::testing
