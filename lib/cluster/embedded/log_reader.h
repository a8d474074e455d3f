// Reads what LogFile wrote: the lines of a function's instances, merged by time. Thread: any; nothing is held
// in memory but one line per instance, and the last `tail` lines when they are asked for.
#pragma once

#include <filesystem>
#include <functional>

#include "lib/base/result.h"
#include "lib/cluster/cluster.h"

namespace faisca::cluster {

// `folder` is HOME/logs/NAME; one that does not exist holds no lines.
Status read_logs(const std::filesystem::path& folder, const LogQuery& query,
                 const std::function<bool(const LogLine&)>& sink);

inline constexpr size_t kDeadLogs = 5;  // logs kept of instances that are gone, per function

// Keeps the newest `keep` instances' files besides those of `living`.
void prune_logs(const std::filesystem::path& folder, const std::function<bool(const std::string&)>& living,
                size_t keep);

}  // namespace faisca::cluster
