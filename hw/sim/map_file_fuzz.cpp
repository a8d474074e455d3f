// Any text as a map's entries: parsed or refused; what is parsed reads back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "hw/sim/map_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr faisca::sim::MapShape kShape{2, 1};
  const auto entries = faisca::sim::parse_map_entries({reinterpret_cast<const char*>(data), size}, kShape);
  if (!entries) return 0;
  const auto again = faisca::sim::parse_map_entries(faisca::sim::print_map_entries(*entries), kShape);
  if (!again || *again != *entries) std::abort();
  return 0;
}
