#include "lib/cluster/embedded/home_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <string>

#include "lib/base/files.h"

namespace faisca::cluster {

Result<UniqueFd> lock_home(const std::filesystem::path& home) {
  const std::filesystem::path path = home / "lock";
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd) return fail(errno_error(errno, "cannot open " + path.string()));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) < 0) {
    if (errno != EWOULDBLOCK) return fail(errno_error(errno, "cannot lock " + path.string()));
    std::string owner = read_file(path, 64).value_or("");
    while (!owner.empty() && owner.back() == '\n') owner.pop_back();
    return fail(Code::kFailedPrecondition,
                "another platform (pid " + (owner.empty() ? "unknown" : owner) + ") uses " + home.string(),
                "stop it, or give this one a folder of its own with --home DIR");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd.get(), 0) < 0 || ::pwrite(fd.get(), pid.data(), pid.size(), 0) < 0)
    return fail(errno_error(errno, "cannot write " + path.string()));
  return fd;
}

}  // namespace faisca::cluster
