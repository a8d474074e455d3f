#include "operator/runtimes/defaults.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>

#include "lib/base/backoff.h"
#include "lib/base/files.h"
#include "lib/base/log.h"
#include "lib/kube/api_error.h"
#include "lib/kube/apply.h"

namespace faisca::operators {
namespace {

namespace fs = std::filesystem;

// Names in a mounted ConfigMap are links; the folder they lead to begins with "..".
Result<std::vector<fs::path>> yaml_files(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (!name.starts_with('.') && at->path().extension() == ".yaml") files.push_back(at->path());
  }
  if (error)
    return fail(Code::kNotFound,
                "cannot list the runtimes' folder " + folder.string() + ": " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<std::vector<api::Runtime>> read_runtimes(const fs::path& folder) {
  std::vector<api::Runtime> runtimes;
  if (folder.empty()) return runtimes;
  FAISCA_TRY(files, yaml_files(folder));
  for (const fs::path& file : files) {
    FAISCA_TRY(text, read_file(file));
    FAISCA_TRY(runtime, api::parse_runtime(text).map_error(while_doing("reading " + file.string())));
    if (runtime.metadata.name.empty())
      return fail(Code::kInvalidArgument, file.string() + ": metadata.name is missing",
                  "give the runtime a name");
    runtimes.push_back(std::move(runtime));
  }
  return runtimes;
}

Result<RuntimeWrites> apply_runtimes(kube::Client& client, const std::vector<api::Runtime>& runtimes,
                                     std::string_view field_manager) {
  RuntimeWrites done;
  for (const api::Runtime& runtime : runtimes) {
    kube::Json wanted = kube::Json::parse(api::print_runtime_json(runtime));
    wanted["metadata"]["labels"]["app.kubernetes.io/managed-by"] = field_manager;
    kube::stamp(wanted);
    auto live = client.send(kube::get(kube::kRuntimes, {"", runtime.metadata.name}));
    if (!live && !kube::is_not_found(live.error())) return fail(std::move(live.error()));
    FAISCA_TRY(applied, kube::apply_if_different(client, kube::kRuntimes, live ? *live : kube::Json(), wanted,
                                                 field_manager));
    ++(applied == kube::Applied::kWritten ? done.written : done.unchanged);
  }
  return done;
}

Status ensure_runtimes(kube::Client& client, const std::vector<api::Runtime>& runtimes,
                       std::string_view field_manager, std::stop_token stop) {
  Backoff backoff({.first = std::chrono::milliseconds(200), .longest = std::chrono::seconds(30)});
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    const auto done = apply_runtimes(client, runtimes, field_manager);
    if (done) {
      log_info("runtimes applied", {{"written", done->written}, {"unchanged", done->unchanged}});
      return {};
    }
    const auto wait = backoff.next();
    log_warning("runtimes cannot be applied yet", {{"error", done.error()}, {"again_ms", wait.count()}});
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, wait, [] { return false; });
  }
  return fail(Code::kCancelled, "stopped before the runtimes were applied");
}

}  // namespace faisca::operators
