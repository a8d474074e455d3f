// Server-side apply that writes only when something would change.
//
// The API server answers an apply that changes nothing without a new resourceVersion, but it is a request all
// the same, and with a thousand functions that adds up. So the wanted object is compared with the informer's
// copy first (contains.h). That a field is no longer wanted cannot be seen so: `stamp` puts a digest of the
// wanted object into an annotation, so that dropping a field changes the annotation and leads to a write.
// Thread: pure, but for `apply_if_different`.
#pragma once

#include <string>
#include <string_view>

#include "lib/kube/client.h"
#include "lib/kube/contains.h"

namespace faisca::kube {

inline constexpr std::string_view kAppliedAnnotation = "faisca.dev/applied";

// Sets `kAppliedAnnotation` of `object` to a digest of all the rest of it.
void stamp(Json& object);

// Whether applying `wanted` would change `live` (a JSON null: there is none). A status has one writer, so
// with `subresource` "status" the two `status` members must be equal, in both directions.
bool would_change(const Json& live, const Json& wanted, std::string_view subresource = "");

enum class Applied { kUnchanged, kWritten };
Result<Applied> apply_if_different(Client& client, const Resource& resource, const Json& live,
                                   const Json& wanted, std::string_view field_manager,
                                   std::string subresource = "");

}  // namespace faisca::kube
