#include "operator/function/projection.h"

#include <nlohmann/json.hpp>

#include "lib/digest/sha256.h"
#include "lib/kube/object.h"

namespace faisca::operators {
namespace {

using kube::Json;

std::string text_of(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// `kubectl apply` keeps the whole object in an annotation.
void drop_notes(Json& object) {
  if (!object.contains("metadata") || !object["metadata"].is_object()) return;
  Json& metadata = object["metadata"];
  metadata.erase("managedFields");
  if (const auto notes = metadata.find("annotations"); notes != metadata.end() && notes->is_object())
    notes->erase("kubectl.kubernetes.io/last-applied-configuration");
}

}  // namespace

Json comparable(Json object) {
  object.erase("apiVersion");
  object.erase("kind");
  for (const char* member : {"data", "binaryData"}) {
    const auto found = object.find(member);
    if (found == object.end() || !found->is_object()) continue;
    for (auto& [key, value] : found->items())
      if (value.is_string()) value = sha256_hex(value.get_ref<const std::string&>());
  }
  // An OffloadProgram's object file.
  const auto code = Json::json_pointer("/spec/object/inline");
  if (object.contains(code) && object[code].is_string())
    object[code] = sha256_hex(object[code].get_ref<const std::string&>());
  return object;
}

Result<std::string> function_text(const Json& object) {
  Json copy = object;
  drop_notes(copy);
  return text_of(copy);
}

Result<std::string> child_text(const Json& object) {
  Json copy = comparable(object);
  drop_notes(copy);
  return text_of(copy);
}

}  // namespace faisca::operators
