#include "lib/cluster/embedded/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>

#include "lib/base/unique_fd.h"

namespace faisca::cluster {
namespace {

struct ReadCloser {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, ReadCloser>;

tl::unexpected<Error> bad(const std::string& what) {
  return fail(Code::kInvalidArgument, what, "pack it with `tar -cf CODE.tar -C FOLDER .`");
}

// Opens below `folder`; the kernel refuses to leave it or to follow a symbolic link on the way.
UniqueFd open_below(int folder, const std::string& path, int flags, unsigned mode) {
  open_how how{};
  how.flags = static_cast<uint64_t>(flags) | O_CLOEXEC;
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  return UniqueFd(static_cast<int>(::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how)));
}

// The parts of `path` without "." and empty ones, joined; empty when it is absolute or has "..".
Result<std::string> clean_path(const std::string& path) {
  if (path.starts_with("/")) return bad("the archive holds the absolute path \"" + path + "\"");
  std::string out;
  for (size_t start = 0; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string part = path.substr(start, end - start);
    if (part == "..") return bad("the archive holds the path \"" + path + "\" with \"..\" in it");
    if (!part.empty() && part != ".") out += (out.empty() ? "" : "/") + part;
    start = end + 1;
  }
  return out;
}

class Unpacker {
 public:
  Unpacker(archive* reader, int folder, const UnpackLimits& limits)
      : reader_(reader), folder_(folder), limits_(limits) {}

  Status run() {
    for (uint64_t count = 0;; ++count) {
      archive_entry* entry = nullptr;
      const int status = archive_read_next_header(reader_, &entry);
      if (status == ARCHIVE_EOF) return {};
      if (status < ARCHIVE_WARN) return broken();
      if (count >= limits_.entries)
        return fail(Code::kOutOfRange,
                    "the archive holds more than " + std::to_string(limits_.entries) + " entries");
      FAISCA_CHECK_OK(take(entry));
    }
  }

 private:
  tl::unexpected<Error> broken() const {
    const char* why = archive_error_string(reader_);
    return bad(std::string("the archive cannot be read: ") + (why ? why : "unknown format"));
  }

  Status take(archive_entry* entry) {
    const char* name = archive_entry_pathname(entry);
    if (!name) return bad("the archive holds an entry without a name");
    FAISCA_TRY(path, clean_path(name));
    const unsigned mode = archive_entry_perm(entry) & 0777u;
    if (archive_entry_hardlink(entry)) return bad("the archive holds the hard link \"" + path + "\"");
    switch (archive_entry_filetype(entry)) {
      case AE_IFDIR:
        return make_folders(path);
      case AE_IFREG:
        return make_file(path, mode | 0600u);
      case AE_IFLNK:
        return make_link(path, archive_entry_symlink(entry));
      default:
        return bad("\"" + path + "\" in the archive is neither a file, a folder nor a symbolic link");
    }
  }

  // Makes every folder of `path`.
  Status make_folders(const std::string& path) {
    for (size_t end = 0; end < path.size();) {
      end = std::min(path.find('/', end + 1), path.size());
      const std::string part = path.substr(0, end);
      FAISCA_TRY(parent, parent_of(part));
      if (::mkdirat(parent.get(), base_of(part).c_str(), 0755) < 0 && errno != EEXIST)
        return fail(errno_error(errno, "cannot create " + part));
    }
    return {};
  }

  Status make_file(const std::string& path, unsigned mode) {
    FAISCA_CHECK_OK(make_folders(
        path.substr(0, path.find_last_of('/') == std::string::npos ? 0 : path.find_last_of('/'))));
    UniqueFd file = open_below(folder_, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
    if (!file && errno == EEXIST) return bad("the archive holds \"" + path + "\" twice");
    if (!file) return not_opened(path, errno);
    for (;;) {
      const void* data = nullptr;
      size_t size = 0;
      la_int64_t offset = 0;
      const int status = archive_read_data_block(reader_, &data, &size, &offset);
      if (status == ARCHIVE_EOF) break;
      if (status < ARCHIVE_WARN) return broken();
      bytes_ += size;
      if (bytes_ > limits_.bytes || offset < 0 || static_cast<uint64_t>(offset) > limits_.bytes)
        return fail(Code::kOutOfRange,
                    "the archive unpacks to more than " + std::to_string(limits_.bytes) + " bytes");
      FAISCA_CHECK_OK(write_at(file.get(), static_cast<const char*>(data), size, offset, path));
    }
    ::fchmod(file.get(), mode);
    return {};
  }

  static Status write_at(int file, const char* data, size_t size, la_int64_t offset,
                         const std::string& path) {
    while (size > 0) {
      const ssize_t written = ::pwrite(file, data, size, offset);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return fail(errno_error(errno, "cannot write " + path));
      data += written;
      size -= static_cast<size_t>(written);
      offset += written;
    }
    return {};
  }

  Status make_link(const std::string& path, const char* target) {
    if (path.empty() || !target) return bad("the archive holds a broken symbolic link");
    const size_t slash = path.find_last_of('/');
    FAISCA_CHECK_OK(make_folders(path.substr(0, slash == std::string::npos ? 0 : slash)));
    FAISCA_TRY(parent, parent_of(path));
    if (::symlinkat(target, parent.get(), base_of(path).c_str()) == 0) return {};
    if (errno == EEXIST) return bad("the archive holds \"" + path + "\" twice");
    return fail(errno_error(errno, "cannot create " + path));
  }

  // What openat2 said about `path`.
  static tl::unexpected<Error> not_opened(const std::string& path, int error) {
    if (error == ELOOP || error == ENOTDIR || error == EXDEV)
      return bad("\"" + path + "\" in the archive lies below a link or a file");
    return fail(errno_error(error, "cannot create " + path));
  }

  Result<UniqueFd> parent_of(const std::string& path) {
    const size_t slash = path.find_last_of('/');
    UniqueFd parent = open_below(folder_, slash == std::string::npos ? "." : path.substr(0, slash),
                                 O_RDONLY | O_DIRECTORY, 0);
    if (parent) return parent;
    return not_opened(path, errno);
  }

  static std::string base_of(const std::string& path) {
    const size_t slash = path.find_last_of('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
  }

  archive* reader_;
  int folder_;
  const UnpackLimits& limits_;
  uint64_t bytes_ = 0;
};

}  // namespace

Status unpack(const std::filesystem::path& file, const std::filesystem::path& folder,
              const UnpackLimits& limits) {
  UniqueFd target(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!target) return fail(errno_error(errno, "cannot open " + folder.string()));
  const Reader reader(archive_read_new());
  archive_read_support_format_tar(reader.get());
  archive_read_support_filter_gzip(reader.get());
  if (archive_read_open_filename(reader.get(), file.c_str(), 65536) != ARCHIVE_OK) {
    const char* why = archive_error_string(reader.get());
    return bad(std::string("the archive cannot be read: ") + (why ? why : "unknown format"));
  }
  return Unpacker(reader.get(), target.get(), limits).run();
}

}  // namespace faisca::cluster
