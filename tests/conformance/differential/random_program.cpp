#include "tests/conformance/differential/random_program.h"

namespace faisca::conformance {

std::uint64_t Random::value() {
  switch (below(8)) {
    case 0:
      return below(4);
    case 1:
      return ~below(4);
    case 2:
      return std::uint64_t{1} << below(64);
    case 3:
      return (std::uint64_t{1} << below(64)) - 1;
    case 4:
      return bits() & 0xffff'ffff;
    case 5:
      return static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(bits())));
    default:
      return bits();
  }
}

}  // namespace faisca::conformance
