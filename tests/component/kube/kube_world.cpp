#include "tests/component/kube/kube_world.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>

#include "lib/kube/object.h"

namespace faisca::kube {

std::filesystem::path test_kubeconfig() {
  const char* path = std::getenv("FAISCA_TEST_KUBECONFIG");
  return path == nullptr ? "" : path;
}

void KubeWorld::SetUp() {
  ASSERT_FALSE(test_kubeconfig().empty()) << "FAISCA_TEST_KUBECONFIG is not set: run this by ctest";
  auto config = load_kubeconfig(test_kubeconfig());
  ASSERT_TRUE(config) << config.error().text();
  config_ = *std::move(config);
  client_ = connect();
  space_ = "kube-" + std::to_string(std::random_device{}());
  must(client_->send(create(kNamespaces, make_object(kNamespaces, {"", space_}))));
}

void KubeWorld::TearDown() {
  if (client_ && !space_.empty()) (void)client_->send(remove(kNamespaces, {"", space_}));
}

std::unique_ptr<RestClient> KubeWorld::connect(const std::string& server, RestSettings settings) {
  Config config = config_;
  if (!server.empty()) config.server = server;
  auto client = RestClient::create(std::move(config), settings);
  EXPECT_TRUE(client) << client.error().text();
  return client ? *std::move(client) : nullptr;
}

Json KubeWorld::config_map(const std::string& name, const std::string& value) const {
  Json out = make_object(kConfigMaps, {space_, name});
  out["data"]["v"] = value;
  return out;
}

Json KubeWorld::put(const std::string& name, const std::string& value) {
  return must(client_->send(apply(kConfigMaps, config_map(name, value), "test")));
}

Json KubeWorld::must(Result<Json> result) {
  EXPECT_TRUE(result) << result.error().text();
  return result ? *std::move(result) : Json();
}

}  // namespace faisca::kube
