#include "lib/cluster/embedded/log_follower.h"

#include <condition_variable>
#include <map>
#include <mutex>

#include "lib/cluster/embedded/log_reader.h"

namespace faisca::cluster {
namespace {

namespace fs = std::filesystem;

using ByTime = std::multimap<WallTime, LogLine>;  // keeps the order of lines of one time

void read_new(LogLines& lines, const std::string& instance, ByTime& out) {
  while (auto line = lines.next()) {
    line->instance = instance;
    out.emplace(line->time, std::move(*line));
  }
}

// What was written since the last look.
ByTime look(const fs::path& folder, const std::string& wanted, OpenLogs& open) {
  ByTime fresh;
  for (auto at = open.begin(); at != open.end();) {
    const fs::path newest = newest_log(folder, at->first);
    // Asked before reading: what is written to a file after it was rotated away does not exist.
    const bool rotated = !at->second.is(newest);
    read_new(at->second, at->first, fresh);
    at = rotated ? open.erase(at) : std::next(at);
  }
  for (const std::string& instance : logged_instances(folder, wanted)) {
    if (open.contains(instance)) continue;
    const auto added = open.emplace(instance, LogLines(newest_log(folder, instance))).first;
    read_new(added->second, instance, fresh);
  }
  return fresh;
}

}  // namespace

Status follow_logs(const fs::path& folder, const LogQuery& query, const std::function<bool()>& exists,
                   const std::function<bool(const LogLine&)>& sink) {
  bool wanted = true;
  const auto pass = [&](const LogLine& line) { return wanted = sink(line); };
  OpenLogs open;
  FAISCA_CHECK_OK(read_logs(folder, query, pass, &open));
  std::mutex mutex;
  std::condition_variable_any wake;
  while (wanted && !query.cancel.stop_requested()) {
    const bool last = !exists();
    for (const auto& [time, line] : look(folder, query.instance, open))
      if (time >= query.since && !pass(line)) return {};
    if (last) break;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, query.cancel, kLookForLines, [] { return false; });
  }
  return {};
}

}  // namespace faisca::cluster
