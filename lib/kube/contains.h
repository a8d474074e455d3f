// Whether an object already has everything that would be applied to it. Pure.
#pragma once

#include <string>

#include "lib/kube/json.h"

namespace faisca::kube {

// Whether `live` has everything in `wanted`, as server-side apply would see it:
// - members by name; `live` may have more (defaults, other managers' fields);
// - lists of objects by a member that names each of them (`name`, `type`, `uid`, `mountPath`, …) where all
// have
//   one and no two the same, so `live` may have more of them; every other list in full, element by element;
//   `finalizers` as a set;
// - quantities under `limits`, `requests`, `capacity`, `allocatable`, `hard`, and `sizeLimit` by value;
// - null, [] and "" wanted, where `live` has nothing: the server drops them. {} false and 0 are not dropped
//   from everywhere, so they must be there: leave them out of `wanted` if you do not mean them.
bool contains(const Json& live, const Json& wanted);

// JSON pointer to the first thing that `live` lacks, for logs; "" if it lacks nothing.
std::string first_difference(const Json& live, const Json& wanted);

}  // namespace faisca::kube
