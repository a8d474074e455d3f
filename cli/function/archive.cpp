#include "cli/function/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "lib/base/files.h"
#include "lib/digest/sha256.h"

namespace faisca::cli {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxFileBytes = 512u << 20;

using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;
using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

la_ssize_t append(archive*, void* target, const void* bytes, size_t count) {
  static_cast<std::string*>(target)->append(static_cast<const char*>(bytes), count);
  return static_cast<la_ssize_t>(count);
}

Result<std::vector<fs::path>> sorted_content(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    paths.push_back(it->path().lexically_relative(folder));
  if (error) return fail(errno_error(error.value(), "reading folder " + folder.string()));
  std::sort(paths.begin(), paths.end());
  return paths;
}

Status add(archive* writer, const fs::path& folder, const fs::path& name) {
  const fs::path path = folder / name;
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (error) return fail(errno_error(error.value(), "reading " + path.string()));
  const Entry entry(archive_entry_new(), archive_entry_free);
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_mtime(entry.get(), 0, 0);
  const bool executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
  archive_entry_set_perm(entry.get(), executable || fs::is_directory(status) ? 0755 : 0644);
  std::string content;
  if (fs::is_directory(status)) {
    archive_entry_set_filetype(entry.get(), AE_IFDIR);
  } else if (fs::is_symlink(status)) {
    archive_entry_set_filetype(entry.get(), AE_IFLNK);
    archive_entry_set_symlink(entry.get(), fs::read_symlink(path, error).c_str());
    if (error) return fail(errno_error(error.value(), "reading link " + path.string()));
  } else if (fs::is_regular_file(status)) {
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    FAISCA_TRY(bytes, read_file(path, kMaxFileBytes));
    content = std::move(bytes);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  } else {
    return fail(Code::kInvalidArgument, path.string() + " is neither a file, a folder nor a link",
                "remove it from the build output");
  }
  if (archive_write_header(writer, entry.get()) != ARCHIVE_OK ||
      archive_write_data(writer, content.data(), content.size()) != static_cast<la_ssize_t>(content.size()))
    return fail(Code::kInternal, "packing " + path.string() + ": " + archive_error_string(writer));
  return {};
}

}  // namespace

Result<PackedArchive> pack_folder(const fs::path& folder, const fs::path& path) {
  FAISCA_TRY(names, sorted_content(folder));
  if (names.empty())
    return fail(Code::kNotFound, "there is nothing to deploy in " + folder.string(),
                "does the build recipe write to the folder named by $OUT?");
  std::string bytes;
  const Writer writer(archive_write_new(), archive_write_free);
  archive_write_set_format_pax_restricted(writer.get());
  if (archive_write_open(writer.get(), &bytes, nullptr, append, nullptr) != ARCHIVE_OK)
    return fail(Code::kInternal, std::string("opening an archive: ") + archive_error_string(writer.get()));
  for (const fs::path& name : names) FAISCA_CHECK_OK(add(writer.get(), folder, name));
  if (archive_write_close(writer.get()) != ARCHIVE_OK)
    return fail(Code::kInternal, std::string("closing an archive: ") + archive_error_string(writer.get()));
  FAISCA_CHECK_OK(write_file_atomic(path, bytes));
  return PackedArchive{.path = path, .sha256 = sha256_hex(bytes), .files = names.size()};
}

}  // namespace faisca::cli
