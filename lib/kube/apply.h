// Server-side apply that writes only when something would change.
//
// The API server answers an apply that changes nothing without a new resourceVersion, but it is a request all
// the same, and with a thousand functions that adds up. So the wanted object is compared with the informer's
// copy first: `contains` says whether the live object already has everything wanted, allowing for what the
// API server normalises (quantities, empty values, defaults). What is no longer wanted cannot be seen that
// way: `stamp` puts a digest of the wanted object into an annotation, so that dropping a field changes the
// annotation and leads to a write. Thread: pure, but for `apply_if_different`.
#pragma once

#include <string>
#include <string_view>

#include "lib/kube/client.h"

namespace faisca::kube {

inline constexpr std::string_view kAppliedAnnotation = "faisca.dev/applied";

// Sets `kAppliedAnnotation` of `object` to a digest of all the rest of it.
void stamp(Json& object);

// Whether `live` has everything in `wanted`: members by name; lists of objects by their `name`,
// `containerPort`, `mountPath`, `uid`, `key`, `type` or `ip` when all have one, else by position and of equal
// length; quantities
// ("0.5" and "500m") and integral numbers ("1", 1, 1.0 where both are numbers) by value; null, {}, [] and ""
// wanted where nothing is. `live` may have more.
bool contains(const Json& live, const Json& wanted);
// JSON pointer of the first thing that `live` lacks, for logs; "" if nothing does.
std::string first_difference(const Json& live, const Json& wanted);

enum class Applied { kUnchanged, kWritten };
// `live` is a copy (a JSON null: there is none); the status subresource is applied with `subresource`
// "status".
Result<Applied> apply_if_different(Client& client, const Resource& resource, const Json& live,
                                   const Json& wanted, std::string_view field_manager,
                                   std::string subresource = "");

}  // namespace faisca::kube
