// Any text: parse_function must answer, and what it accepts must survive printing, as YAML and as JSON.
#include <cstdint>
#include <string_view>

#include "api/types/function/defaults.h"
#include "api/types/function/validate.h"
#include "api/types/function/yaml.h"
#include "lib/base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace faisca::api;
  const auto function = parse_function({reinterpret_cast<const char*>(data), size});
  if (!function) return 0;
  const auto from_yaml = parse_function(print_function(*function));
  FAISCA_ASSERT(from_yaml && *from_yaml == *function, "the printed YAML reads back differently");
  const auto from_json = parse_function(print_function_json(*function));
  FAISCA_ASSERT(from_json && *from_json == *function, "the printed JSON reads back differently");
  (void)validate(with_defaults(*function));
  return 0;
}
