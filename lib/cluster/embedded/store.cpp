#include "lib/cluster/embedded/store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "api/types/function/defaults.h"
#include "api/types/function/validate.h"
#include "api/types/function/yaml.h"
#include "lib/base/files.h"
#include "lib/base/unique_fd.h"

namespace faisca::cluster {
namespace {

namespace fs = std::filesystem;

constexpr char kGeneration[] = "faisca.dev/generation";
constexpr char kCreatedAt[] = "faisca.dev/created-at";  // seconds since the epoch
constexpr char kReplicas[] = "faisca.dev/replicas";
constexpr std::string_view kSuffix = ".yaml";
constexpr size_t kTemporarySuffix = 7;  // ".XXXXXX" of write_file_atomic

// Removes the annotation and parses it into `target`; absent: leaves `target` alone.
template <class T>
Status take(std::map<std::string, std::string>& annotations, const char* name, T& target) {
  const auto entry = annotations.find(name);
  if (entry == annotations.end()) return {};
  const std::string text = std::move(entry->second);
  annotations.erase(entry);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), target);
  if (error == std::errc() && end == text.data() + text.size()) return {};
  return fail(Code::kDataLoss, std::string("annotation ") + name + ": \"" + text + "\" is not a number");
}

bool is_leftover(const std::string& file) {
  return file.size() > kSuffix.size() + kTemporarySuffix && file[file.size() - kTemporarySuffix] == '.' &&
         std::string_view(file).substr(0, file.size() - kTemporarySuffix).ends_with(kSuffix);
}

}  // namespace

Result<Deployment> FunctionStore::load_file(const fs::path& file, WallTime now) const {
  FAISCA_TRY(text, read_file(file, api::kMaxFunctionText));
  FAISCA_TRY(parsed, api::parse_function(text));
  Deployment deployment{api::with_defaults(std::move(parsed)), 1, now, 1};
  api::Function& function = deployment.function;
  deployment.replicas = std::max(1, function.spec.scale.min);
  int64_t created = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  FAISCA_CHECK_OK(take(function.metadata.annotations, kGeneration, deployment.generation));
  FAISCA_CHECK_OK(take(function.metadata.annotations, kCreatedAt, created));
  FAISCA_CHECK_OK(take(function.metadata.annotations, kReplicas, deployment.replicas));
  deployment.created_at = WallTime(std::chrono::seconds(created));
  deployment.replicas = std::clamp(deployment.replicas, 0, api::kMaxReplicas);
  FAISCA_CHECK_OK(api::validate(function));
  if (file.filename() != function.metadata.name + std::string(kSuffix))
    return fail(Code::kInvalidArgument, "it holds the function \"" + function.metadata.name + "\"",
                "name the file " + function.metadata.name + std::string(kSuffix));
  return deployment;
}

Result<FunctionStore::Contents> FunctionStore::load(WallTime now) {
  FAISCA_CHECK_OK(make_folder(folder_));
  std::error_code error;
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error))
    files.push_back(entry.path());
  if (error) return fail(errno_error(error.value(), "cannot list " + folder_.string()));
  std::sort(files.begin(), files.end());
  Contents contents;
  for (const fs::path& file : files) {
    const std::string name = file.filename();
    if (is_leftover(name)) {
      fs::remove(file, error);
    } else if (name.ends_with(kSuffix)) {
      auto deployment = load_file(file, now);
      if (deployment) {
        contents.deployments.push_back(std::move(*deployment));
        continue;
      }
      const fs::path aside = file.string() + ".corrupt";
      fs::rename(file, aside, error);
      contents.corrupt.push_back({aside, std::move(deployment.error())});
    }
  }
  return contents;
}

Status FunctionStore::save(const Deployment& deployment) {
  api::Function function = deployment.function;
  auto& annotations = function.metadata.annotations;
  annotations[kGeneration] = std::to_string(deployment.generation);
  annotations[kCreatedAt] = std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(deployment.created_at.time_since_epoch()).count());
  annotations[kReplicas] = std::to_string(deployment.replicas);
  const std::string text = api::print_function(function);
  // What cannot be read back must never be stored.
  if (text.size() > api::kMaxFunctionText)
    return fail(Code::kInvalidArgument,
                "the function has " + std::to_string(text.size()) + " bytes as text, more than 8Mi",
                "put large code into source.archive");
  return write_file_atomic(path_of(function.metadata.name), text)
      .map_error(while_doing("storing function " + function.metadata.name));
}

Status FunctionStore::erase(const std::string& name) {
  if (::unlink(path_of(name).c_str()) < 0 && errno != ENOENT)
    return fail(errno_error(errno, "cannot remove " + path_of(name).string()));
  UniqueFd folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) ::fsync(folder.get());
  return {};
}

}  // namespace faisca::cluster
