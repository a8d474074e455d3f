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
  cluster::SnapshotPtr snapshot() const override;
  Subscription subscribe(std::function<void()> changed) override;
  Status apply(const api::Function& function, cluster::Apply how) override;
  Status remove(const std::string& name) override;
  Status scale(const std::string& name, int replicas) override;
  Status logs(const cluster::LogQuery& query,
              const std::function<bool(const cluster::LogLine&)>& sink) override;
  Info info() const override { return {"faisca", "test"}; }

  void put(cluster::FunctionState state);
  std::vector<cluster::LogLine> lines;  // of every function

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
  FunctionBuilder& with(const std::function<void(api::FunctionSpec&)>& edit) {
    edit(state.function.spec);
    return *this;
  }
  FunctionBuilder& because(std::string reason) {
    state.reason = std::move(reason);
    return *this;
  }
};
FunctionBuilder function(const std::string& name);

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
