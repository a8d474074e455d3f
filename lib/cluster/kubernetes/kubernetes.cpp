#include "lib/cluster/kubernetes/kubernetes.h"

#include <algorithm>

#include "api/types/function/defaults.h"
#include "api/types/function/validate.h"
#include "lib/base/log.h"
#include "lib/cluster/kubernetes/commands.h"
#include "lib/cluster/kubernetes/pod_logs.h"
#include "lib/cluster/kubernetes/view.h"

namespace faisca::cluster {
namespace {

class KubernetesCluster final : public Cluster {
 public:
  KubernetesCluster(kube::Client& client, KubernetesSettings settings)
      : client_(client),
        settings_(std::move(settings)),
        commands_(client, settings_.command_timeout),
        view_(client, settings_) {
    view_.start();
  }

  Status ready() const override { return view_.ready(); }
  SnapshotPtr snapshot() const override { return view_.snapshot(); }
  Subscription subscribe(std::function<void()> changed) override {
    return view_.subscribe(std::move(changed));
  }
  std::vector<std::string> namespaces() const override { return view_.namespaces(); }
  Info info() const override { return {"faisca", "kubernetes"}; }

  Status apply(const api::Function& given, Apply how) override {
    api::Function function = given;
    function.metadata.name_space = or_default(function.metadata.name_space);
    function = api::with_defaults(std::move(function), api::Platform::kKubernetes);
    FAISCA_CHECK_OK(check_namespace(function.metadata.name_space));
    FAISCA_CHECK_OK(api::validate(function, api::Platform::kKubernetes));
    const FunctionId id{function.metadata.name, function.metadata.name_space};
    FAISCA_CHECK_OK(check_ours(id));
    FAISCA_TRY(generation, commands_.apply(function, how));
    view_.wait_until(
        [&](const Snapshot& now) {
          const FunctionStatePtr state = now.find(id);
          return state && state->generation >= generation;
        },
        settings_.read_own_writes);
    log_info("function deployed", {{"function", id.name}, {"namespace", id.name_space}});
    return {};
  }

  Status remove(const FunctionId& given) override {
    const FunctionId id = whole(given);
    FAISCA_CHECK_OK(check_ours(id));
    FAISCA_CHECK_OK(commands_.remove(id));
    view_.wait_until([&](const Snapshot& now) { return !now.find(id); }, settings_.read_own_writes);
    log_info("function removed", {{"function", id.name}, {"namespace", id.name_space}});
    return {};
  }

  Status scale(const FunctionId& given, int replicas) override {
    const FunctionId id = whole(given);
    FAISCA_CHECK_OK(check_ours(id));
    if (const FunctionStatePtr state = snapshot()->find(id)) {
      const int most = state->function.spec.scale.max;
      if (replicas < 0 || replicas > most) {
        return fail(Code::kInvalidArgument,
                    std::to_string(replicas) + " replicas of " + id.name +
                        " are not between 0 and spec.scale.max, " + std::to_string(most),
                    "raise spec.scale.max to have more");
      }
    }
    FAISCA_CHECK_OK(commands_.scale(id, replicas));
    view_.wait_until(
        [&](const Snapshot& now) {
          const FunctionStatePtr state = now.find(id);
          return state && state->function.spec.replicas == replicas;
        },
        settings_.read_own_writes);
    return {};
  }

  Result<api::Function> get(const FunctionId& given) override {
    const FunctionId id = whole(given);
    FAISCA_CHECK_OK(check_ours(id));
    return commands_.get(id);
  }

  Result<std::vector<std::string>> secrets(const std::string& name_space) override {
    FAISCA_CHECK_OK(check_namespace(or_default(name_space)));
    return commands_.secrets(or_default(name_space));
  }
  Status put_secret(const Secret& given, Apply how) override {
    Secret secret = given;
    secret.name_space = or_default(given.name_space);
    FAISCA_CHECK_OK(check_namespace(secret.name_space));
    return commands_.put_secret(secret, how);
  }
  Status remove_secret(const std::string& name, const std::string& name_space) override {
    FAISCA_CHECK_OK(check_namespace(or_default(name_space)));
    return commands_.remove_secret(name, or_default(name_space));
  }

  Status logs(const LogQuery& given, const std::function<bool(const LogLine&)>& sink) override {
    LogQuery query = given;
    query.function = whole(given.function);
    const auto exists = [this, id = query.function] { return snapshot()->contains(id.name, id.name_space); };
    if (!exists()) {
      return fail(Code::kNotFound,
                  "no function is named \"" + query.function.name + "\" in namespace \"" +
                      query.function.name_space + "\"",
                  "list them with: faisca list, or kubectl get functions -A");
    }
    return read_pod_logs(client_, query, {.look = settings_.log_look}, exists, sink);
  }

 private:
  std::string or_default(const std::string& name_space) const {
    return name_space.empty() ? settings_.default_namespace : name_space;
  }
  FunctionId whole(const FunctionId& id) const { return {id.name, or_default(id.name_space)}; }

  Status check_ours(const FunctionId& id) const {
    if (view_.origin_of(id) != Origin::kOpenFaas) return {};
    return fail(Code::kFailedPrecondition,
                "\"" + id.name + "\" in namespace \"" + id.name_space + "\" is a Function of openfaas.com/v1",
                "change it with: kubectl -n " + id.name_space + " edit functions.openfaas.com " + id.name);
  }

  // The gateway may have rights in all namespaces; its users have them where functions belong.
  Status check_namespace(const std::string& name_space) const {
    const std::vector<std::string> known = namespaces();
    if (std::ranges::find(known, name_space) != known.end()) return {};
    std::string list;
    for (const std::string& name : known) list += (list.empty() ? "" : ", ") + name;
    return fail(Code::kInvalidArgument, "namespace \"" + name_space + "\" is not one for functions: " + list,
                settings_.namespaces.empty() ? "mark it with: kubectl annotate namespace NAME openfaas=1"
                                             : "add it to watch_namespaces");
  }

  kube::Client& client_;
  const KubernetesSettings settings_;
  Commands commands_;
  View view_;
};

}  // namespace

std::unique_ptr<Cluster> open_kubernetes(kube::Client& client, KubernetesSettings settings) {
  return std::make_unique<KubernetesCluster>(client, std::move(settings));
}

}  // namespace faisca::cluster
