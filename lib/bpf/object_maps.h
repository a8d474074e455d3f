// Map definitions of an object: section `.maps` (BTF) and the older section `maps` (struct bpf_map_def).
// Internal to the object loader.
#pragma once

#include <vector>

#include "lib/base/result.h"
#include "lib/bpf/elf_file.h"
#include "lib/bpf/object.h"

namespace faisca::bpf {

Result<std::vector<ObjectMap>> read_maps(const ElfFile& file);

}  // namespace faisca::bpf
