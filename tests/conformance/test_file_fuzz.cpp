// Any text as a test file: parsed or refused.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/conformance/test_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)faisca::conformance::parse_test_file({reinterpret_cast<const char*>(data), size});
  return 0;
}
