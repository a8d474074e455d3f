#include "lib/cluster/embedded/log_reader.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include "lib/cluster/embedded/log_file.h"

namespace faisca::cluster {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOlder = ".1.log";
constexpr std::string_view kCurrent = ".log";
constexpr int kLongestTail = 100'000;  // lines kept in memory at most

std::string instance_of(const std::string& file) {
  for (const std::string_view suffix : {kOlder, kCurrent})
    if (file.ends_with(suffix)) return file.substr(0, file.size() - suffix.size());
  return "";
}

// The two files of one instance, older first, line by line.
class InstanceLines {
 public:
  InstanceLines(const fs::path& folder, std::string instance)
      : instance_(std::move(instance)),
        newest_(newest_log(folder, instance_)),
        lines_(folder / (instance_ + std::string(kOlder))) {
    next();
  }

  bool done() const { return !line_; }
  const LogLine& line() const { return *line_; }
  const std::string& instance() const { return instance_; }
  LogLines take() { return std::move(lines_); }

  void next() {
    line_ = lines_.next();
    if (!line_ && !in_newest_) {
      in_newest_ = true;
      lines_ = LogLines(newest_);
      line_ = lines_.next();
    }
    if (line_) line_->instance = instance_;
  }

 private:
  std::string instance_;
  fs::path newest_;
  LogLines lines_;
  bool in_newest_ = false;
  std::optional<LogLine> line_;
};

}  // namespace

std::vector<std::string> logged_instances(const fs::path& folder, const std::string& wanted) {
  std::set<std::string> instances;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string instance = instance_of(entry.path().filename());
    if (!instance.empty() && (wanted.empty() || wanted == instance)) instances.insert(instance);
  }
  return {instances.begin(), instances.end()};
}

fs::path newest_log(const fs::path& folder, const std::string& instance) {
  return folder / (instance + std::string(kCurrent));
}

Status read_logs(const fs::path& folder, const LogQuery& query,
                 const std::function<bool(const LogLine&)>& sink, OpenLogs* still_open) {
  std::vector<InstanceLines> sources;
  for (const std::string& instance : logged_instances(folder, query.instance))
    sources.emplace_back(folder, instance);
  const int tail = std::min(query.tail, kLongestTail);
  std::deque<LogLine> last;
  for (;;) {
    InstanceLines* oldest = nullptr;
    for (InstanceLines& source : sources)
      if (!source.done() && (!oldest || source.line().time < oldest->line().time)) oldest = &source;
    if (!oldest) break;
    if (oldest->line().time >= query.since) {
      if (tail < 0) {
        if (!sink(oldest->line())) return {};
      } else {
        last.push_back(oldest->line());
        if (last.size() > static_cast<size_t>(tail)) last.pop_front();
      }
    }
    oldest->next();
  }
  if (still_open)
    for (InstanceLines& source : sources) still_open->insert_or_assign(source.instance(), source.take());
  for (const LogLine& line : last)
    if (!sink(line)) return {};
  return {};
}

void prune_logs(const fs::path& folder, const std::function<bool(const std::string&)>& living, size_t keep) {
  std::map<std::string, fs::file_time_type> dead;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string instance = instance_of(entry.path().filename());
    if (instance.empty() || living(instance)) continue;
    const auto written = fs::last_write_time(entry.path(), error);
    auto& newest = dead[instance];
    newest = std::max(newest, written);
  }
  std::vector<std::pair<fs::file_time_type, std::string>> by_age;
  for (const auto& [instance, written] : dead) by_age.emplace_back(written, instance);
  std::sort(by_age.begin(), by_age.end());
  for (size_t i = 0; i + keep < by_age.size(); ++i)
    for (const std::string_view suffix : {kOlder, kCurrent})
      fs::remove(folder / (by_age[i].second + std::string(suffix)), error);
}

}  // namespace faisca::cluster
