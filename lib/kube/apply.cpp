#include "lib/kube/apply.h"

#include <nlohmann/json.hpp>

#include "lib/digest/sha256.h"
#include "lib/kube/object.h"

namespace faisca::kube {

void stamp(Json& object) {
  Json& annotations = object["metadata"]["annotations"];
  if (!annotations.is_object()) annotations = Json::object();
  annotations.erase(std::string(kAppliedAnnotation));
  // Members are sorted, so equal objects have equal text.
  const std::string text = object.dump(-1, ' ', false, Json::error_handler_t::replace);
  annotations[std::string(kAppliedAnnotation)] = sha256_hex(text).substr(0, 32);
}

bool would_change(const Json& live, const Json& wanted, std::string_view subresource) {
  if (live.is_null()) return true;
  if (subresource != "status") return !contains(live, wanted);
  const Json& is = at(live, "/status");
  const Json& should_be = at(wanted, "/status");
  return !contains(is, should_be) || !contains(should_be, is);
}

Result<Applied> apply_if_different(Client& client, const Resource& resource, const Json& live,
                                   const Json& wanted, std::string_view field_manager,
                                   std::string subresource) {
  if (!would_change(live, wanted, subresource)) return Applied::kUnchanged;
  FAISCA_TRY(answer, client.send(apply(resource, wanted, field_manager, std::move(subresource))));
  return Applied::kWritten;
}

}  // namespace faisca::kube
