// One platform per home folder: an flock on HOME/lock that dies with the process. Thread: owned by one.
#pragma once

#include <filesystem>

#include "lib/base/result.h"
#include "lib/base/unique_fd.h"

namespace faisca::cluster {

// Held while the descriptor is open. kFailedPrecondition names the pid of the platform that holds it.
Result<UniqueFd> lock_home(const std::filesystem::path& home);

}  // namespace faisca::cluster
