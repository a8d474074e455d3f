#include "watchdog/lock_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "lib/base/unique_fd.h"

namespace faisca::watchdog {

LockFile::LockFile(std::string path, Use use) : path_(std::move(path)), use_(use) {}

LockFile::~LockFile() { remove(); }

Status LockFile::create() {
  if (use_ == Use::kNone) return {};
  const UniqueFd file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0660));
  if (!file) {
    Error error = errno_error(errno, "cannot make the lock file \"" + path_ + "\"");
    if (error.hint.empty()) error.hint = "choose another lock_file, or set suppress_lock=true";
    return fail(std::move(error));
  }
  ours_ = true;
  return {};
}

void LockFile::remove() {
  if (ours_) ::unlink(path_.c_str());
  ours_ = false;
}

bool LockFile::exists() const { return use_ == Use::kNone || ::access(path_.c_str(), F_OK) == 0; }

}  // namespace faisca::watchdog
