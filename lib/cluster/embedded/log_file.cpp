#include "lib/cluster/embedded/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>

#include "lib/base/files.h"

namespace faisca::cluster {
namespace {

constexpr size_t kQuotedLine = 200;  // of the last line, in a reason

}  // namespace

bool LogFile::open() {
  if (fd_) return true;
  const std::string path = stem_.string() + ".log";
  const auto create = [&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644); };
  fd_.reset(create());
  if (!fd_ && errno == ENOENT && make_folder(stem_.parent_path())) fd_.reset(create());
  struct stat info{};
  size_ = fd_ && ::fstat(fd_.get(), &info) == 0 ? static_cast<uint64_t>(info.st_size) : 0;
  return static_cast<bool>(fd_);
}

void LogFile::append(std::string_view output, WallTime now) {
  while (!output.empty()) {
    const size_t end = output.find('\n');
    if (end == std::string_view::npos || partial_.size() + end > kLongestLine) {
      const size_t room = kLongestLine - partial_.size();
      const size_t take = std::min(output.size(), room);
      partial_.append(output.substr(0, take));
      output.remove_prefix(take);
      if (partial_.size() == kLongestLine) flush(now);
      continue;
    }
    if (partial_.empty()) {
      write_line(output.substr(0, end), now);
    } else {
      partial_.append(output.substr(0, end));
      flush(now);
    }
    output.remove_prefix(end + 1);
  }
}

void LogFile::flush(WallTime now) {
  if (partial_.empty()) return;
  write_line(partial_, now);
  partial_.clear();
  partial_.shrink_to_fit();
}

void LogFile::write_line(std::string_view line, WallTime now) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (!line.empty()) last_line_ = line.substr(0, kQuotedLine);
  if (!open()) return;
  std::string text = format_log_time(now) + " ";
  text.append(line).append("\n");
  if (size_ + text.size() > limit_ && size_ > 0) {
    ::rename((stem_.string() + ".log").c_str(), (stem_.string() + ".1.log").c_str());
    fd_.reset();
    if (!open()) return;
  }
  // A line half written on a full disk is cut off again: readers see whole lines.
  const ssize_t written = ::write(fd_.get(), text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) {
    size_ += text.size();
  } else if (written > 0 && ::ftruncate(fd_.get(), static_cast<off_t>(size_)) < 0) {
    size_ += static_cast<uint64_t>(written);
  }
}

std::string format_log_time(WallTime time) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
  const std::time_t seconds = static_cast<std::time_t>(micros / 1'000'000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[80];
  const size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + length, sizeof text - length, ".%06dZ", static_cast<int>(micros % 1'000'000));
  return text;
}

bool parse_log_time(std::string_view text, WallTime& time) {
  std::tm parts{};
  int micros = 0;
  char end = 0;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%6d%c", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &micros, &end) != 8 ||
      end != 'Z')
    return false;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  time = WallTime(std::chrono::seconds(::timegm(&parts)) + std::chrono::microseconds(micros));
  return true;
}

}  // namespace faisca::cluster
