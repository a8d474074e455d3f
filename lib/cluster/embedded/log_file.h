// An instance's output, kept on disk: each line with its time, two files of bounded size.
//   2026-11-21T03:22:11.123456Z text
// FILE.log is written; when it grows over its limit it becomes FILE.1.log. A line longer than kLongestLine is
// broken. When the disk is full lines are dropped, the instance is not held up. Thread: owned by the
// supervisor's; readers open the files themselves (log_reader.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/unique_fd.h"

namespace faisca::cluster {

class LogFile {
 public:
  static constexpr std::size_t kLongestLine = 16 * 1024;

  // `stem` is the path without ".log". Nothing is opened before the first line.
  LogFile(std::filesystem::path stem, uint64_t limit) : stem_(std::move(stem)), limit_(limit) {}

  // Output as it comes, in pieces.
  void append(std::string_view output, WallTime now);
  // Writes what stands there without a line end.
  void flush(WallTime now);
  // The last line that was not empty, for "why did it stop".
  const std::string& last_line() const { return last_line_; }

 private:
  void write_line(std::string_view line, WallTime now);
  bool open();

  std::filesystem::path stem_;
  uint64_t limit_;
  uint64_t size_ = 0;
  UniqueFd fd_;
  std::string partial_;
  std::string last_line_;
};

// "2026-11-21T03:22:11.123456Z", and back; false when it is not that.
std::string format_log_time(WallTime time);
bool parse_log_time(std::string_view text, WallTime& time);

}  // namespace faisca::cluster
