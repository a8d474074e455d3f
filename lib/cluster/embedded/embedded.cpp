#include "lib/cluster/embedded/embedded.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "api/types/function/defaults.h"
#include "api/types/function/validate.h"
#include "lib/base/files.h"
#include "lib/base/log.h"
#include "lib/cluster/embedded/artifacts.h"
#include "lib/cluster/embedded/home_lock.h"
#include "lib/cluster/embedded/log_follower.h"
#include "lib/cluster/embedded/log_reader.h"
#include "lib/cluster/embedded/orphans.h"
#include "lib/cluster/embedded/plan.h"
#include "lib/cluster/embedded/store.h"
#include "lib/cluster/embedded/supervisor.h"

namespace faisca::cluster {
namespace {

namespace fs = std::filesystem;

class EmbeddedCluster final : public Cluster {
 public:
  explicit EmbeddedCluster(EmbeddedSettings settings)
      : settings_(std::move(settings)),
        store_(settings_.home / "functions"),
        artifacts_(settings_.home / "artifacts") {}

  ~EmbeddedCluster() override {
    if (!lock_) return;  // the folder is another platform's
    artifacts_.keep_all();
    supervisor_.reset();
    end_marked(settings_.home);
  }

  Status open() {
    if (!settings_.clock) settings_.clock = &real_clock_;
    for (const char* folder : {"", "artifacts", "logs", "run"})
      FAISCA_CHECK_OK(make_folder(settings_.home / folder));
    std::error_code error;
    settings_.home = fs::canonical(settings_.home, error);
    if (error) return fail(errno_error(error.value(), "cannot open the folder " + settings_.home.string()));
    // Instances start in other folders.
    if (!settings_.watchdog.empty()) settings_.watchdog = fs::absolute(settings_.watchdog);
    if (!settings_.watchdog_offload.empty())
      settings_.watchdog_offload = fs::absolute(settings_.watchdog_offload);
    FAISCA_TRY(lock, lock_home(settings_.home));
    lock_ = std::move(lock);
    end_left_over();
    FAISCA_TRY(contents, store_.load(settings_.clock->wall()));
    for (const FunctionStore::SetAside& corrupt : contents.corrupt)
      log_error("function file set aside", {{"file", corrupt.file.string()}, {"error", corrupt.error}});
    FAISCA_TRY(supervisor, Supervisor::start(settings_, [this](const std::string& name) { forget(name); }));
    supervisor_ = std::move(supervisor);
    for (Deployment& deployment : contents.deployments) bring_back(std::move(deployment));
    artifacts_.remove_unused();
    remove_unused_logs();
    return {};
  }

  Status ready() const override { return {}; }
  SnapshotPtr snapshot() const override { return supervisor_->snapshot(); }
  Subscription subscribe(std::function<void()> changed) override {
    return supervisor_->subscribe(std::move(changed));
  }
  Info info() const override { return {"faisca", "embedded"}; }

  Status apply(const api::Function& given, Apply how) override {
    const api::Function function = api::with_defaults(given);
    FAISCA_CHECK_OK(check_namespace(function.metadata.name_space));
    FAISCA_CHECK_OK(api::validate(function));
    const std::lock_guard lock(mutex_);
    const std::string& name = function.metadata.name;
    const auto known = deployments_.find(name);
    if (known != deployments_.end() && how == Apply::kCreate)
      return fail(Code::kAlreadyExists, "a function named \"" + name + "\" is deployed already",
                  "choose another name, or update it");
    if (known == deployments_.end() && how == Apply::kUpdate) return not_found(name);
    Deployment next = known == deployments_.end() ? fresh(function) : changed(known->second, function);
    const bool same = known != deployments_.end() && next.function == known->second.function &&
                      next.replicas == known->second.replicas;
    if (same && !broken_.contains(name)) return {};
    FAISCA_TRY(plan, make_plan(next, settings_, artifacts_));
    FAISCA_CHECK_OK(store_.save(next));
    broken_.erase(name);
    supervisor_->put(plan, next.replicas);
    deployments_[name] = std::move(next);
    log_info("function deployed", {{"function", name}, {"generation", plan->deployment.generation}});
    return {};
  }

  Status remove(const FunctionId& id) override {
    FAISCA_CHECK_OK(check_namespace(id.name_space));
    const std::string& name = id.name;
    const std::lock_guard lock(mutex_);
    if (!deployments_.contains(name)) return not_found(name);
    FAISCA_CHECK_OK(store_.erase(name));
    deployments_.erase(name);
    supervisor_->remove(name);
    log_info("function removed", {{"function", name}});
    return {};
  }

  Status scale(const FunctionId& id, int replicas) override {
    FAISCA_CHECK_OK(check_namespace(id.name_space));
    const std::string& name = id.name;
    const std::lock_guard lock(mutex_);
    const auto known = deployments_.find(name);
    if (known == deployments_.end()) return not_found(name);
    const int most = known->second.function.spec.scale.max;
    if (replicas < 0 || replicas > most)
      return fail(Code::kInvalidArgument,
                  std::to_string(replicas) + " replicas of " + name +
                      " are not between 0 and spec.scale.max, " + std::to_string(most),
                  "raise spec.scale.max to have more");
    if (replicas == known->second.replicas) return {};
    Deployment next = known->second;
    next.replicas = replicas;
    FAISCA_CHECK_OK(store_.save(next));
    known->second = std::move(next);
    supervisor_->scale(name, replicas);
    return {};
  }

  Result<api::Function> get(const FunctionId& id) override {
    FAISCA_CHECK_OK(check_namespace(id.name_space));
    const FunctionStatePtr state = snapshot()->find(id.name);
    if (!state) return not_found(id.name);
    return state->function;
  }

  std::vector<std::string> namespaces() const override { return {api::kDefaultNamespace}; }

  Result<std::vector<std::string>> secrets(const std::string&) override { return no_secrets(); }
  Status put_secret(const Secret&, Apply) override { return no_secrets(); }
  Status remove_secret(const std::string&, const std::string&) override { return no_secrets(); }

  Status logs(const LogQuery& query, const std::function<bool(const LogLine&)>& sink) override {
    FAISCA_CHECK_OK(check_namespace(query.function.name_space));
    const std::string& name = query.function.name;
    if (!snapshot()->contains(name)) return not_found(name);
    const fs::path folder = settings_.home / "logs" / name;
    if (query.follow == Follow::kNo) return read_logs(folder, query, sink);
    return follow_logs(folder, query, [this, name] { return snapshot()->contains(name); }, sink);
  }

 private:
  static tl::unexpected<Error> not_found(const std::string& name) {
    return fail(Code::kNotFound, "no function is named \"" + name + "\"", "list them with `faisca list`");
  }

  static tl::unexpected<Error> no_secrets() {
    return fail(Code::kUnimplemented, "the embedded platform keeps no secrets",
                "put the value into the function's env, or run on Kubernetes");
  }

  static Status check_namespace(const std::string& name_space) {
    if (name_space.empty() || name_space == api::kDefaultNamespace) return {};
    return fail(Code::kInvalidArgument, "there is no namespace \"" + name_space + "\"",
                std::string("the embedded platform has one: ") + api::kDefaultNamespace);
  }

  Deployment fresh(const api::Function& function) const {
    const auto now = std::chrono::floor<std::chrono::seconds>(settings_.clock->wall());
    return {function, 1, now, std::max(1, function.spec.scale.min)};
  }

  static Deployment changed(const Deployment& before, const api::Function& function) {
    Deployment next = before;
    if (next.function.spec != function.spec) ++next.generation;
    next.function = function;
    next.replicas = std::clamp(before.replicas, function.spec.scale.min, function.spec.scale.max);
    return next;
  }

  // A function that cannot be run any more (its interpreter was uninstalled, say) stays deployed and says
  // why.
  void bring_back(Deployment deployment) {
    const std::string name = deployment.function.metadata.name;
    deployment.function.metadata.name_space = api::kDefaultNamespace;  // whatever was written there by hand
    prune_logs(settings_.home / "logs" / name, [](const std::string&) { return false; }, kDeadLogs);
    auto plan = make_plan(deployment, settings_, artifacts_);
    if (!plan) {
      log_error("function cannot be started", {{"function", name}, {"error", plan.error()}});
      Plan broken;
      broken.deployment = deployment;
      broken.broken = "cannot be started: " + plan.error().text();
      plan = std::make_shared<const Plan>(std::move(broken));
      broken_.insert(name);
    }
    supervisor_->put(*plan, deployment.replicas);
    deployments_[name] = std::move(deployment);
  }

  // What a killed platform left: instances, and their lock files.
  void end_left_over() {
    if (const size_t count = end_marked(settings_.home); count > 0)
      log_warning("killed processes left by an earlier run", {{"count", count}});
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(settings_.home / "run", error))
      if (entry.path().extension() == ".lock") fs::remove(entry.path(), error);
  }

  void remove_unused_logs() {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(settings_.home / "logs", error))
      if (!deployments_.contains(entry.path().filename().string())) fs::remove_all(entry.path(), error);
  }

  // On the supervisor's thread, after the last instance of a removed function has ended.
  void forget(const std::string& name) {
    std::error_code error;
    fs::remove_all(settings_.home / "logs" / name, error);
  }

  RealClock real_clock_;
  EmbeddedSettings settings_;
  UniqueFd lock_;
  FunctionStore store_;
  ArtifactStore artifacts_;
  std::mutex mutex_;                               // one command at a time
  std::map<std::string, Deployment> deployments_;  // guarded by mutex_
  std::set<std::string> broken_;                   // those that could not be brought back; guarded by mutex_
  std::unique_ptr<Supervisor> supervisor_;
};

}  // namespace

Result<std::unique_ptr<Cluster>> open_embedded(EmbeddedSettings settings) {
  auto cluster = std::make_unique<EmbeddedCluster>(std::move(settings));
  FAISCA_CHECK_OK(cluster->open());
  return std::unique_ptr<Cluster>(std::move(cluster));
}

}  // namespace faisca::cluster
