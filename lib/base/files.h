// Whole files, read and written so that a crash, a kill or a full disk leaves the old content or the new,
// never half.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace faisca {

// Refuses files over `limit` bytes (kOutOfRange).
Result<std::string> read_file(const std::filesystem::path& path, uint64_t limit = 64u << 20);

// Writes a temporary file beside `path`, syncs it, renames it over `path`, syncs the folder. Nothing is left
// behind on failure.
Status write_file_atomic(const std::filesystem::path& path, std::string_view content, unsigned mode = 0644);

// Creates the folder and its parents.
Status make_folder(const std::filesystem::path& path, unsigned mode = 0755);

}  // namespace faisca
