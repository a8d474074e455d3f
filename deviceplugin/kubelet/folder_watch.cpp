#include "deviceplugin/kubelet/folder_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace faisca::deviceplugin {

Result<FolderWatch> FolderWatch::open(const std::filesystem::path& folder) {
  FolderWatch watch;
  watch.inotify_.reset(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!watch.inotify_) return fail(errno_error(errno, "starting inotify"));
  watch.wake_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!watch.wake_) return fail(errno_error(errno, "making an event"));
  if (::inotify_add_watch(watch.inotify_.get(), folder.c_str(),
                          IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR) < 0)
    return fail(errno_error(errno, "watching the folder " + folder.string()));
  return watch;
}

Result<FolderWatch::Changes> FolderWatch::wait(std::chrono::milliseconds longest) {
  std::array<pollfd, 2> wanted{{{inotify_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  const int timeout = static_cast<int>(std::clamp<std::int64_t>(longest.count(), 0, 1'000'000));
  if (::poll(wanted.data(), wanted.size(), timeout) < 0 && errno != EINTR)
    return fail(errno_error(errno, "waiting for changes"));
  Changes changes;
  changes.stopped = wanted[1].revents != 0;
  FAISCA_CHECK_OK(read(changes));
  return changes;
}

Status FolderWatch::read(Changes& changes) {
  alignas(inotify_event) std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t got = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return {};
    if (got <= 0) return fail(errno_error(errno, "reading changes"));
    for (ssize_t at = 0; at < got;) {
      inotify_event event{};
      std::memcpy(&event, &buffer[static_cast<std::size_t>(at)], sizeof event);
      const char* name = &buffer[static_cast<std::size_t>(at) + sizeof event];
      if (event.mask & (IN_Q_OVERFLOW | IN_IGNORED)) changes.overflow = true;
      if (event.len > 0 && event.mask & (IN_CREATE | IN_MOVED_TO)) changes.created.insert(name);
      if (event.len > 0 && event.mask & (IN_DELETE | IN_MOVED_FROM)) changes.removed.insert(name);
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
}

void FolderWatch::stop() {
  const std::uint64_t one = 1;
  // Full is as good: the event is set then.
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

}  // namespace faisca::deviceplugin
