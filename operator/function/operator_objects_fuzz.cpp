// Any JSON in the place of an object of the API server: reading it must answer, and what is kept must be JSON
// again.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "lib/base/assert.h"
#include "operator/function/decide.h"
#include "operator/function/openfaas.h"
#include "operator/function/origin.h"
#include "operator/function/pod_view.h"
#include "operator/function/projection.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace faisca;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const kube::Json object = kube::Json::parse(text, nullptr, false);
  (void)operators::read_openfaas_function(text);
  (void)operators::read_openfaas_status(text);
  (void)operators::faisca_origin().read_status(text);
  if (!object.is_object()) return 0;
  (void)operators::view_of_pod(object);
  (void)operators::ownership_of(object, {kube::kFunctions, {"default", "resize"}, "uid-1"});
  for (const auto& kept : {operators::function_text(object), operators::child_text(object)})
    FAISCA_ASSERT(kept && kube::Json::accept(*kept), "what is kept cannot be read again");
  return 0;
}
