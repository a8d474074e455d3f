#include "lib/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "lib/base/unique_fd.h"

namespace faisca {
namespace {

Status write_all(int fd, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return fail(errno_error(errno, "cannot write " + path.string()));
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, uint64_t limit) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail(errno_error(errno, "cannot open " + path.string()));
  std::string content;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(errno_error(errno, "cannot read " + path.string()));
    if (got == 0) return content;
    content.append(buffer, static_cast<size_t>(got));
    if (content.size() > limit)
      return fail(Code::kOutOfRange, path.string() + " is larger than " + std::to_string(limit) + " bytes");
  }
}

Status write_file_atomic(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  std::string temporary = path.string() + ".XXXXXX";
  UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return fail(errno_error(errno, "cannot create a file beside " + path.string()));
  Status status = write_all(fd.get(), content, path);
  if (status && ::fchmod(fd.get(), mode) < 0) status = fail(errno_error(errno, "cannot chmod " + temporary));
  if (status && ::fsync(fd.get()) < 0) status = fail(errno_error(errno, "cannot sync " + path.string()));
  if (status && ::rename(temporary.c_str(), path.c_str()) < 0)
    status = fail(errno_error(errno, "cannot replace " + path.string()));
  if (!status) {
    ::unlink(temporary.c_str());
    return status;
  }
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  UniqueFd folder_fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder_fd) ::fsync(folder_fd.get());
  return {};
}

Status make_folder(const std::filesystem::path& path, unsigned mode) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  if (path.has_parent_path() && path.parent_path() != path)
    FAISCA_CHECK_OK(make_folder(path.parent_path(), 0755));
  if (::mkdir(path.c_str(), mode) < 0 && errno != EEXIST)
    return fail(errno_error(errno, "cannot create folder " + path.string()));
  return {};
}

}  // namespace faisca
