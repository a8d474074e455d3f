// Any text: function_from_deployment must answer, and what it accepts must survive printing.
#include <cstdint>
#include <string_view>

#include "api/types/function/json.h"
#include "lib/base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace faisca::api;
  const auto function = function_from_deployment({reinterpret_cast<const char*>(data), size});
  if (!function) return 0;
  const auto back = function_from_deployment(deployment_json(*function));
  FAISCA_ASSERT(back && *back == *function, "the printed deployment reads back differently");
  (void)status_json(*function, {});
  return 0;
}
