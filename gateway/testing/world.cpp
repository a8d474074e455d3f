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
  change([&](cluster::Snapshot& snapshot) {
    cluster::put(snapshot, std::make_shared<cluster::FunctionState>(std::move(state)));
  });
}

void StaticCluster::set_default_namespace(const std::string& name_space) {
  change([&](cluster::Snapshot& snapshot) { snapshot.default_namespace = name_space; });
}

namespace {

tl::unexpected<Error> unknown(const std::string& name) {
  return fail(Code::kNotFound, "function " + name + " is not deployed");
}

}  // namespace

Status StaticCluster::apply(const api::Function& function, cluster::Apply how) {
  const std::string& name = function.metadata.name;
  const bool there = snapshot()->contains(name, function.metadata.name_space);
  if (there && how == cluster::Apply::kCreate)
    return fail(Code::kAlreadyExists, "function " + name + " exists");
  if (!there && how == cluster::Apply::kUpdate) return unknown(name);
  cluster::FunctionState state;
  state.function = function;
  if (function.metadata.name_space.empty())
    state.function.metadata.name_space = snapshot()->default_namespace;
  state.replicas = function.spec.scale.min;
  put(std::move(state));
  return {};
}

Status StaticCluster::remove(const cluster::FunctionId& id) {
  const cluster::FunctionStatePtr state = snapshot()->find(id);
  if (!state) return unknown(id.name);
  change([&](cluster::Snapshot& snapshot) { erase(snapshot, state->name(), state->name_space()); });
  return {};
}

Status StaticCluster::scale(const cluster::FunctionId& id, int replicas) {
  const cluster::FunctionStatePtr now = snapshot()->find(id);
  if (!now) return unknown(id.name);
  cluster::FunctionState state = *now;
  state.replicas = replicas;
  put(std::move(state));
  return {};
}

Result<api::Function> StaticCluster::get(const cluster::FunctionId& id) {
  const cluster::FunctionStatePtr now = snapshot()->find(id);
  if (!now) return unknown(id.name);
  return now->function;
}

Result<std::vector<std::string>> StaticCluster::secrets(const std::string& name_space) {
  std::vector<std::string> names;
  for (const auto& [key, value] : kept_secrets)
    if (key.first == name_space) names.push_back(key.second);
  return names;
}

Status StaticCluster::put_secret(const cluster::Secret& secret, cluster::Apply how) {
  const std::pair key(secret.name_space, secret.name);
  if (how == cluster::Apply::kCreate && kept_secrets.contains(key))
    return fail(Code::kAlreadyExists, "secret " + secret.name + " exists");
  if (how == cluster::Apply::kUpdate && !kept_secrets.contains(key))
    return fail(Code::kNotFound, "no secret " + secret.name);
  kept_secrets[key] = secret.value;
  return {};
}

Status StaticCluster::remove_secret(const std::string& name, const std::string& name_space) {
  if (kept_secrets.erase({name_space, name}) == 0) return fail(Code::kNotFound, "no secret " + name);
  return {};
}

Status StaticCluster::logs(const cluster::LogQuery& query,
                           const std::function<bool(const cluster::LogLine&)>& sink) {
  if (!snapshot()->find(query.function)) return unknown(query.function.name);
  for (const cluster::LogLine& line : lines) {
    if (line.time >= query.since && !sink(line)) return {};
  }
  return query.follow == cluster::Follow::kYes && follow ? follow(query, sink) : Status();
}

FunctionBuilder function(const std::string& name, const std::string& name_space) {
  FunctionBuilder builder;
  builder.state.function.metadata.name = name;
  builder.state.function.metadata.name_space = name_space;
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
