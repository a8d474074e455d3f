#include "gateway/testing/world.h"

#include <gtest/gtest.h>

#include "lib/io/listener.h"

namespace faisca::gateway::testing {

cluster::SnapshotPtr StaticCluster::snapshot() const {
  std::lock_guard lock(mutex_);
  return snapshot_;
}

cluster::Cluster::Subscription StaticCluster::subscribe(std::function<void()> changed) {
  std::lock_guard lock(mutex_);
  const int number = next_subscriber_++;
  subscribers_[number] = std::move(changed);
  return Subscription(reinterpret_cast<void*>(1), [this, number](void*) {
    std::lock_guard inner(mutex_);
    subscribers_.erase(number);
  });
}

void StaticCluster::change(const std::function<void(cluster::Snapshot&)>& edit) {
  std::vector<std::function<void()>> to_tell;
  {
    std::lock_guard lock(mutex_);
    auto next = std::make_shared<cluster::Snapshot>(*snapshot_);
    ++next->version;
    edit(*next);
    snapshot_ = next;
    for (const auto& [number, changed] : subscribers_) to_tell.push_back(changed);
  }
  for (const auto& changed : to_tell) changed();
}

void StaticCluster::put(cluster::FunctionState state) {
  const std::string name = state.function.metadata.name;
  change([&](cluster::Snapshot& snapshot) {
    snapshot.functions[name] = std::make_shared<cluster::FunctionState>(std::move(state));
  });
}

Status StaticCluster::apply(const api::Function& function, cluster::Apply how) {
  const std::string& name = function.metadata.name;
  const bool there = snapshot()->functions.contains(name);
  if (there && how == cluster::Apply::kCreate)
    return fail(Code::kAlreadyExists, "function " + name + " exists");
  if (!there && how == cluster::Apply::kUpdate)
    return fail(Code::kNotFound, "function " + name + " is not deployed");
  cluster::FunctionState state;
  state.function = function;
  state.replicas = function.spec.scale.min;
  put(std::move(state));
  return {};
}

Status StaticCluster::remove(const std::string& name) {
  if (!snapshot()->functions.contains(name))
    return fail(Code::kNotFound, "function " + name + " is not deployed");
  change([&](cluster::Snapshot& snapshot) { snapshot.functions.erase(name); });
  return {};
}

Status StaticCluster::scale(const std::string& name, int replicas) {
  const auto now = snapshot();
  const auto found = now->functions.find(name);
  if (found == now->functions.end()) return fail(Code::kNotFound, "function " + name + " is not deployed");
  cluster::FunctionState state = *found->second;
  state.replicas = replicas;
  put(std::move(state));
  return {};
}

Status StaticCluster::logs(const cluster::LogQuery& query,
                           const std::function<bool(const cluster::LogLine&)>& sink) {
  if (!snapshot()->functions.contains(query.function))
    return fail(Code::kNotFound, "no function " + query.function);
  for (const cluster::LogLine& line : lines) {
    if (line.time >= query.since && !sink(line)) break;
  }
  return {};
}

FunctionBuilder function(const std::string& name) {
  FunctionBuilder builder;
  builder.state.function.metadata.name = name;
  builder.state.function.metadata.name_space = api::kDefaultNamespace;
  builder.state.replicas = 1;
  return builder;
}

FunctionBuilder& FunctionBuilder::at(uint16_t port) {
  state.ready.push_back({state.function.metadata.name + "-" + std::to_string(port), "127.0.0.1", port});
  return *this;
}

World::World(Gateway::Settings settings, size_t reactors) {
  auto listening = io::listen_on("127.0.0.1", 0, reactors);
  if (!listening) {
    ADD_FAILURE() << listening.error().text();
    return;
  }
  port = listening->port;
  gateway = std::make_unique<Gateway>(settings, cluster, clock);
  gateway->start(std::move(*listening));
}

World::~World() = default;

double World::metric(const std::string& name_and_labels) {
  const std::string text = "\n" + client().request("GET", "/metrics").body;
  const size_t at = text.find("\n" + name_and_labels + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name_and_labels.size() + 2));
}

}  // namespace faisca::gateway::testing
