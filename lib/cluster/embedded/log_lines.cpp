#include "lib/cluster/embedded/log_lines.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "lib/cluster/embedded/log_file.h"

namespace faisca::cluster {
namespace {

constexpr size_t kReadBytes = 64 * 1024;

}  // namespace

LogLines::LogLines(const std::filesystem::path& file) : fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
  struct stat info{};
  if (!fd_ || ::fstat(fd_.get(), &info) != 0) return;
  device_ = info.st_dev;
  inode_ = info.st_ino;
}

bool LogLines::is(const std::filesystem::path& file) const {
  struct stat info{};
  return fd_ && ::stat(file.c_str(), &info) == 0 && info.st_dev == device_ && info.st_ino == inode_;
}

bool LogLines::fill() {
  if (!fd_) return false;
  bytes_.erase(0, start_);
  scanned_ -= start_;
  start_ = 0;
  const size_t before = bytes_.size();
  bytes_.resize(before + kReadBytes);
  ssize_t count = 0;
  do {
    count = ::read(fd_.get(), bytes_.data() + before, kReadBytes);
  } while (count < 0 && errno == EINTR);
  bytes_.resize(before + static_cast<size_t>(count > 0 ? count : 0));
  return count > 0;
}

std::optional<LogLine> LogLines::next() {
  for (;;) {
    const size_t end = bytes_.find('\n', scanned_);
    if (end == std::string::npos) {
      scanned_ = bytes_.size();
      if (!fill()) return std::nullopt;
      continue;
    }
    const std::string_view text = std::string_view(bytes_).substr(start_, end - start_);
    LogLine line;
    const size_t space = text.find(' ');
    const bool good = space != std::string_view::npos && parse_log_time(text.substr(0, space), line.time);
    if (good) line.text = text.substr(space + 1);
    start_ = scanned_ = end + 1;
    if (good) return line;
  }
}

}  // namespace faisca::cluster
