#include "cli/platform/home.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "lib/base/files.h"

namespace faisca::cli {
namespace {

namespace fs = std::filesystem;

Result<UniqueFd> take_lock(const fs::path& folder) {
  const fs::path path = folder / "up.lock";
  UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!lock) return fail(errno_error(errno, "opening " + path.string()));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    std::string pid = read_file(path).value_or("");
    while (pid.ends_with('\n')) pid.pop_back();
    return fail(Code::kFailedPrecondition,
                folder.string() + " is in use by another faisca up" + (pid.empty() ? "" : ", pid " + pid),
                "stop that one, or start this one with --home DIR and --port N");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.get(), 0) != 0 ||
      ::write(lock.get(), pid.data(), pid.size()) != static_cast<ssize_t>(pid.size()))
    return fail(errno_error(errno, "writing " + path.string()));
  return lock;
}

}  // namespace

Result<Home> Home::open(const fs::path& folder) {
  const fs::path absolute = fs::absolute(folder).lexically_normal();
  for (const char* part : {"", "run", "platform"}) FAISCA_CHECK_OK(make_folder(absolute / part));
  FAISCA_TRY(lock, take_lock(absolute));
  Home home(absolute, std::move(lock));
  FAISCA_CHECK_OK(home.place_socket());
  return home;
}

Status Home::place_socket() {
  agent_socket_ = folder_ / "run" / "agent.sock";
  if (agent_socket_.native().size() >= sizeof(sockaddr_un::sun_path)) {
    // unix(7): the name of a socket has room for 107 bytes only.
    std::string pattern = "/tmp/faisca-XXXXXX";
    if (!::mkdtemp(pattern.data())) return fail(errno_error(errno, "making a folder for the agent's socket"));
    socket_folder_ = pattern;
    agent_socket_ = socket_folder_ / "agent.sock";
  }
  ::unlink(agent_socket_.c_str());
  return {};
}

Home::~Home() {
  if (!lock_) return;
  ::unlink(agent_socket_.c_str());
  if (!socket_folder_.empty()) ::rmdir(socket_folder_.c_str());
}

}  // namespace faisca::cli
