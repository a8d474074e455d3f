// A whole gateway on a free port over a cluster whose state the test writes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/gateway.h"
#include "gateway/testing/sockets.h"

namespace faisca::gateway::testing {

// Holds what is put into it. Instances are the test's.
class StaticCluster final : public cluster::Cluster {
 public:
  Status ready() const override { return readiness; }
  cluster::SnapshotPtr snapshot() const override;
  Subscription subscribe(std::function<void()> changed) override;
  Status apply(const api::Function& function, cluster::Apply how) override;
  Status remove(const cluster::FunctionId& id) override;
  Status scale(const cluster::FunctionId& id, int replicas) override;
  Result<api::Function> get(const cluster::FunctionId& id) override;
  std::vector<std::string> namespaces() const override { return spaces; }
  Result<std::vector<std::string>> secrets(const std::string& name_space) override;
  Status put_secret(const cluster::Secret& secret, cluster::Apply how) override;
  Status remove_secret(const std::string& name, const std::string& name_space) override;
  Status logs(const cluster::LogQuery& query,
              const std::function<bool(const cluster::LogLine&)>& sink) override;
  Info info() const override { return {"faisca", "test"}; }

  void put(cluster::FunctionState state);
  void set_default_namespace(const std::string& name_space);
  std::vector<std::string> spaces = {api::kDefaultNamespace};
  Status readiness;
  std::vector<cluster::LogLine> lines;  // of every function
  // What a followed log says after `lines`, until the stop is requested; runs on the follower's thread.
  std::function<Status(const cluster::LogQuery&, const std::function<bool(const cluster::LogLine&)>&)> follow;
  std::map<std::pair<std::string, std::string>, std::string> kept_secrets;  // value by namespace and name

 private:
  void change(const std::function<void(cluster::Snapshot&)>& edit);
  mutable std::mutex mutex_;
  cluster::SnapshotPtr snapshot_ = std::make_shared<cluster::Snapshot>();  // guarded by mutex_
  std::map<int, std::function<void()>> subscribers_;                       // guarded by mutex_
  int next_subscriber_ = 0;                                                // guarded by mutex_
};

// function("hello").on(instance): builders for tests.
struct FunctionBuilder {
  cluster::FunctionState state;
  FunctionBuilder& on(const ScriptedInstance& instance) { return at(instance.port()); }
  FunctionBuilder& at(uint16_t port);
  FunctionBuilder& scaled_to(int replicas) {
    state.replicas = replicas;
    return *this;
  }
  FunctionBuilder& with(const std::function<void(api::FunctionSpec&)>& edit) {
    edit(state.function.spec);
    return *this;
  }
  FunctionBuilder& because(std::string reason) {
    state.reason = std::move(reason);
    return *this;
  }
};
FunctionBuilder function(const std::string& name, const std::string& name_space = api::kDefaultNamespace);

class World {
 public:
  explicit World(Gateway::Settings settings = {}, size_t reactors = 1);
  ~World();

  void put(const FunctionBuilder& function) { cluster.put(function.state); }
  TestClient client() { return TestClient(port); }
  // The value of a metric line such as `name{labels}`; -1 without one.
  double metric(const std::string& name_and_labels);

  StaticCluster cluster;
  RealClock clock;
  uint16_t port = 0;
  std::unique_ptr<Gateway> gateway;
};

}  // namespace faisca::gateway::testing
