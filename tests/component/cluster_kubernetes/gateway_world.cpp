#include "tests/component/cluster_kubernetes/gateway_world.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "lib/io/listener.h"
#include "lib/kube/object.h"
#include "lib/kube/testing/eventually.h"

namespace faisca {

using kube::Json;
using kube::testing::eventually;

namespace {

std::string to_loopback(std::string text) {
  const std::string from = std::string("\"") + kThisMachine + "\"", to = "\"127.0.0.1\"";
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

Result<Json> LoopbackClient::send(const kube::Request& request) {
  FAISCA_TRY(answer, inner_.send(request));
  return Json::parse(to_loopback(answer.dump()));
}

Status LoopbackClient::stream(const kube::Request& request, const LineSink& line, std::stop_token stop) {
  return inner_.stream(
      request, [&](std::string_view text) { return line(to_loopback(std::string(text))); }, stop);
}

std::unique_ptr<watchdog::TestWatchdog> start_instance(const std::string& command) {
  auto made = std::make_unique<watchdog::TestWatchdog>(watchdog::TestWatchdog::Options{
      .binary = FAISCA_WATCHDOG, .handler = {command}, .environment = {{"healthcheck_interval", "3s"}}});
  EXPECT_TRUE(made->wait_for_log("serving"));
  return made;
}

void put_endpoints(kube::Client& client, const std::string& name_space, const std::string& function,
                   const std::vector<SliceEndpoint>& endpoints) {
  std::set<std::string> names;
  for (const SliceEndpoint& endpoint : endpoints) {
    const std::string port = std::to_string(endpoint.instance->port());
    const std::string name = function + "-" + port;
    Json slice = kube::make_object(kube::kEndpointSlices, {name_space, name});
    slice["metadata"]["labels"] = {{"faisca.dev/function", function}};
    slice["addressType"] = "IPv4";
    slice["ports"] = {{{"name", "http"}, {"port", endpoint.instance->port()}}};
    slice["endpoints"] = {{{"addresses", {kThisMachine}},
                           {"conditions",
                            {{"ready", endpoint.state == Pod::kReady},
                             {"serving", endpoint.state != Pod::kNotReady},
                             {"terminating", endpoint.state == Pod::kTerminating}}},
                           {"targetRef", {{"kind", "Pod"}, {"name", name}, {"namespace", name_space}}}}};
    const auto applied = client.send(kube::apply(kube::kEndpointSlices, slice, "test"));
    EXPECT_TRUE(applied) << applied.error().text();
    names.insert(name);
  }
  const auto all = client.send(kube::list(
      kube::kEndpointSlices, {.space = name_space, .label_selector = "faisca.dev/function=" + function}));
  ASSERT_TRUE(all) << all.error().text();
  for (const Json& slice : all->at("items")) {
    const kube::ObjectKey key = kube::key_of(slice);
    if (!names.contains(key.name)) EXPECT_TRUE(client.send(kube::remove(kube::kEndpointSlices, key)));
  }
}

GatewayWorld::GatewayWorld(kube::Client& client, cluster::KubernetesSettings settings) : client_(client) {
  cluster_ = cluster::open_kubernetes(client_, std::move(settings));
  auto listening = io::listen_on("127.0.0.1", 0, 2);
  EXPECT_TRUE(listening) << listening.error().text();
  port_ = listening->port;
  gateway_ = std::make_unique<gateway::Gateway>(gateway::Gateway::Settings{}, *cluster_, clock_);
  gateway_->start(std::move(*listening));
  EXPECT_TRUE(eventually([&] { return request("GET", "/healthz").status == 200; }));
}

GatewayWorld::~GatewayWorld() { gateway_->stop(); }

bool GatewayWorld::answers(const std::string& path, const std::string& body) const {
  return eventually([&] {
    const auto response = request("POST", path, body);
    return response.status == 200 && response.body == body;
  });
}

bool GatewayWorld::knows(const std::string& function, size_t ready) const {
  return eventually([&] {
    const Json status = Json::parse(request("GET", "/system/function/" + function).body, nullptr, false);
    return status.is_object() && status.value("availableReplicas", size_t{9999}) == ready;
  });
}

}  // namespace faisca
