// One log file, line by line, while it may still grow or be rotated away: the descriptor keeps what it
// opened. Format: log_file.h. Thread: owned by one thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "lib/base/unique_fd.h"
#include "lib/cluster/cluster.h"

namespace faisca::cluster {

class LogLines {
 public:
  // Nothing to read when there is no such file.
  explicit LogLines(const std::filesystem::path& file);

  // The next whole line with its time; none at the present end. Lines that are not the log's are skipped.
  // `instance` of it is left empty.
  std::optional<LogLine> next();

  // Is `file` still what was opened, and not a newer one of that name?
  bool is(const std::filesystem::path& file) const;

 private:
  bool fill();

  UniqueFd fd_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::string bytes_;
  size_t start_ = 0;    // of the line that comes next, in bytes_
  size_t scanned_ = 0;  // no line end before it
};

}  // namespace faisca::cluster
