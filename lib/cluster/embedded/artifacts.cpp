#include "lib/cluster/embedded/artifacts.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "api/types/function/defaults.h"
#include "lib/base/files.h"
#include "lib/cluster/embedded/offload_check.h"
#include "lib/cluster/embedded/unpack.h"
#include "lib/digest/sha256.h"

namespace faisca::cluster {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFileUrl = "file://";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// What names the content; empty when there is none.
std::string id_of(const api::FunctionSpec& spec) {
  if (spec.offload) return sha256_hex(spec.offload->object);
  if (!spec.source) return "";
  if (spec.source->archive) return lower(spec.source->archive->sha256);
  return sha256_hex(spec.source->runtime + '\0' + spec.source->inline_code);
}

Result<fs::path> archive_path(const api::Archive& archive) {
  const std::string& url = archive.url;
  if (url.starts_with(kFileUrl) && url.size() > kFileUrl.size() && url[kFileUrl.size()] == '/')
    return fs::path(url.substr(kFileUrl.size()));
  return fail(Code::kInvalidArgument,
              "spec.source.archive.url: \"" + url + "\" is not a file on this machine",
              "the embedded platform reads file:///ABSOLUTE/PATH.tar");
}

Status unpack_archive(const api::Archive& archive, const fs::path& folder) {
  FAISCA_TRY(path, archive_path(archive));
  FAISCA_TRY(sum, sha256_of_file(path).map_error([](Error error) {
    error.message = "spec.source.archive.url: " + error.message;
    error.code = Code::kInvalidArgument;
    return error;
  }));
  if (sum != lower(archive.sha256))
    return fail(Code::kInvalidArgument,
                "spec.source.archive.sha256: " + archive.sha256 + " is not the sum of " + path.string() +
                    ", which is " + sum,
                "the file was changed or cut off; build it again");
  return unpack(path, folder).map_error(while_doing("unpacking " + path.string()));
}

// A temporary folder that goes away unless renamed.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(fs::path path) : path_(std::move(path)) {}
  ~TemporaryFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

 private:
  fs::path path_;
};

}  // namespace

Status ArtifactStore::make(const api::FunctionSpec& spec, const std::string& id) {
  const fs::path final_path = folder_ / id;
  std::error_code error;
  if (fs::is_directory(final_path, error)) return {};
  const fs::path path = folder_ / ("new-" + id);
  fs::remove_all(path, error);
  FAISCA_CHECK_OK(make_folder(path));
  const TemporaryFolder cleanup(path);
  if (spec.offload) {
    FAISCA_CHECK_OK(write_file_atomic(path / "object.o", spec.offload->object));
  } else if (spec.source->archive) {
    FAISCA_CHECK_OK(unpack_archive(*spec.source->archive, path));
  } else {
    const api::Interpreter* interpreter = api::interpreter_of(spec.source->runtime);
    FAISCA_CHECK_OK(write_file_atomic(path / interpreter->file, spec.source->inline_code, 0755));
  }
  if (::rename(path.c_str(), final_path.c_str()) < 0)
    return fail(errno_error(errno, "cannot create " + final_path.string()));
  return {};
}

Result<ArtifactStore::LeasePtr> ArtifactStore::prepare(const api::Function& function) {
  const api::FunctionSpec& spec = function.spec;
  if (spec.offload) FAISCA_CHECK_OK(check_offload(*spec.offload));
  const std::string id = id_of(spec);
  if (id.empty()) return LeasePtr();
  const std::lock_guard lock(mutex_);
  std::weak_ptr<const Lease>& known = leases_[id];
  if (LeasePtr lease = known.lock()) return lease;
  FAISCA_CHECK_OK(make(spec, id).map_error(while_doing("preparing the files of " + function.metadata.name)));
  auto lease = std::make_shared<const Lease>(*this, id);
  known = lease;
  return LeasePtr(lease);
}

void ArtifactStore::drop(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto entry = leases_.find(id);
  // A new lease may have been taken since the last one's count fell to zero.
  if (entry == leases_.end() || !entry->second.expired()) return;
  leases_.erase(entry);
  std::error_code error;
  if (!keep_) fs::remove_all(folder_ / id, error);
}

void ArtifactStore::remove_unused() {
  const std::lock_guard lock(mutex_);
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    std::error_code ignored;
    if (!leases_.contains(entry.path().filename())) fs::remove_all(entry.path(), ignored);
  }
}

void ArtifactStore::keep_all() {
  const std::lock_guard lock(mutex_);
  keep_ = true;
}

}  // namespace faisca::cluster
