// Unpacks a tar archive (plain or gzip) from someone we do not trust into an empty folder.
//
// Refuses: absolute paths, "..", anything that would be written through a symbolic link, devices and other
// special files, more than the limits. Hard links are refused; symbolic links are made as they are. Owners
// are ignored, of the mode only the permission bits are kept (no set-user-id), and the owner can always
// write. Errors are kInvalidArgument and name the entry. libarchive is linked statically with these formats
// only, so that it costs no memory before its first use.
#pragma once

#include <cstdint>
#include <filesystem>

#include "lib/base/result.h"

namespace faisca::cluster {

struct UnpackLimits {
  uint64_t bytes = 1ull << 30;  // of all files together
  uint64_t entries = 100'000;
};

Status unpack(const std::filesystem::path& archive, const std::filesystem::path& folder,
              const UnpackLimits& limits = {});

}  // namespace faisca::cluster
