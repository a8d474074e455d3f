// A folder as a tar archive that depends on nothing but names, content and execute bits: the same input gives
// the same bytes, so that the SHA-256 tells whether anything has changed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace faisca::cli {

struct PackedArchive {
  std::filesystem::path path;
  std::string sha256;  // 64 hex digits
  size_t files = 0;
};

// Packs files, folders and symbolic links below `folder` (sorted; owner 0, time 0, mode 0755 or 0644) and
// writes `path` atomically. kInvalidArgument for sockets, devices and pipes; kNotFound if the folder is
// empty.
Result<PackedArchive> pack_folder(const std::filesystem::path& folder, const std::filesystem::path& path);

}  // namespace faisca::cli
