// Reads what LogFile wrote: the lines of a function's instances, merged by time. Thread: any; nothing is held
// in memory but one line per instance, and the last `tail` lines when they are asked for.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "lib/base/result.h"
#include "lib/cluster/cluster.h"
#include "lib/cluster/embedded/log_lines.h"

namespace faisca::cluster {

// What is read of each instance's newest file, by instance: whoever follows goes on from there.
using OpenLogs = std::map<std::string, LogLines>;

// `folder` is HOME/logs/NAME; one that does not exist holds no lines. `still_open`, if not null, gets every
// instance's newest file, read to its present end.
Status read_logs(const std::filesystem::path& folder, const LogQuery& query,
                 const std::function<bool(const LogLine&)>& sink, OpenLogs* still_open = nullptr);

// The instances that have written in `folder`, without order; only `wanted` unless that is empty.
std::vector<std::string> logged_instances(const std::filesystem::path& folder, const std::string& wanted);
std::filesystem::path newest_log(const std::filesystem::path& folder, const std::string& instance);

inline constexpr size_t kDeadLogs = 5;  // logs kept of instances that are gone, per function

// Keeps the newest `keep` instances' files besides those of `living`.
void prune_logs(const std::filesystem::path& folder, const std::function<bool(const std::string&)>& living,
                size_t keep);

}  // namespace faisca::cluster
