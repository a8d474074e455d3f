// Map definitions out of BTF, the type description that `clang -g` puts into an object (kernel
// Documentation/bpf/btf.rst). Reads only what `.maps` needs: structs whose members say type, key, value and
// so on. Internal to the object loader. Every index and offset is checked; types nested deeper than 32 are
// refused.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/result.h"
#include "lib/bpf/program.h"

namespace faisca::bpf {

// The variables of section `.maps`, by name; ids and addresses are not set. (BTF's own offsets into `.maps`
// are zero in a relocatable file: the symbol table has them.)
Result<std::vector<MapDescriptor>> read_btf_maps(std::span<const std::uint8_t> btf);

}  // namespace faisca::bpf
