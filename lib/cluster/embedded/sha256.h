// SHA-256 as 64 lower-case hex digits. Pure but for reading the file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace faisca::cluster {

std::string sha256_hex(std::string_view bytes);
Result<std::string> sha256_of_file(const std::filesystem::path& file);

}  // namespace faisca::cluster
