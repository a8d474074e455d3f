#include "lib/cluster/embedded/log_reader.h"

#include <algorithm>
#include <deque>
#include <fstream>
#include <map>

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
  InstanceLines(const fs::path& folder, std::string instance) : instance_(std::move(instance)) {
    for (const std::string_view suffix : {kCurrent, kOlder})
      files_.push_back(folder / (instance_ + std::string(suffix)));
    next();
  }

  bool done() const { return done_; }
  const LogLine& line() const { return line_; }

  void next() {
    std::string text;
    for (;;) {
      if (stream_.is_open() && std::getline(stream_, text)) {
        const size_t space = text.find(' ');
        if (space == std::string::npos || !parse_log_time(text.substr(0, space), line_.time)) continue;
        line_.instance = instance_;
        line_.text = text.substr(space + 1);
        return;
      }
      if (files_.empty()) {
        done_ = true;
        return;
      }
      stream_ = std::ifstream(files_.back());
      files_.pop_back();
    }
  }

 private:
  std::string instance_;
  std::vector<fs::path> files_;  // still to read, the next one last
  std::ifstream stream_;
  LogLine line_;
  bool done_ = false;
};

}  // namespace

Status read_logs(const fs::path& folder, const LogQuery& query,
                 const std::function<bool(const LogLine&)>& sink) {
  std::map<std::string, bool> instances;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string instance = instance_of(entry.path().filename());
    if (!instance.empty() && (query.instance.empty() || query.instance == instance))
      instances[instance] = true;
  }
  std::vector<InstanceLines> sources;
  for (const auto& [instance, there] : instances) sources.emplace_back(folder, instance);
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
