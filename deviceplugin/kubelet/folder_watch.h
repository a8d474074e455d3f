// Tells when a file of a folder comes or goes (inotify), for a thread that waits. Thread: wait() by one
// thread, stop() by any.
#pragma once

#include <chrono>
#include <filesystem>
#include <set>
#include <string>

#include "lib/base/result.h"
#include "lib/base/unique_fd.h"

namespace faisca::deviceplugin {

class FolderWatch {
 public:
  // kNotFound when the folder does not exist.
  static Result<FolderWatch> open(const std::filesystem::path& folder);

  struct Changes {
    std::set<std::string> created;  // names; also of files moved in
    std::set<std::string> removed;
    bool overflow = false;  // some changes were lost: anything may have happened
    bool stopped = false;
  };
  // What has happened since the last call; blocks until something has, at most `longest`, or until stop().
  Result<Changes> wait(std::chrono::milliseconds longest);
  void stop();

 private:
  FolderWatch() = default;
  Status read(Changes& changes);

  UniqueFd inotify_;
  UniqueFd wake_;
};

}  // namespace faisca::deviceplugin
