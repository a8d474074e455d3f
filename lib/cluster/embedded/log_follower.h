// Logs with their future: what LogFile wrote, then what it goes on to write.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>

#include "lib/base/result.h"
#include "lib/cluster/cluster.h"

namespace faisca::cluster {

inline constexpr std::chrono::milliseconds kLookForLines{100};

// As read_logs, then looks every kLookForLines for new lines, also of new instances. No line comes twice or
// is left out, rotation included, as long as a file is not rotated twice between two looks. Ends with
// `query.cancel`, with the sink's false, and when `exists` says that the function is gone.
Status follow_logs(const std::filesystem::path& folder, const LogQuery& query,
                   const std::function<bool()>& exists, const std::function<bool(const LogLine&)>& sink);

}  // namespace faisca::cluster
