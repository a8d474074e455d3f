// The gateway's promises on Kubernetes, on a real API server. No kubelet and no operator: the test writes
// what those would.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "lib/kube/object.h"
#include "tests/component/cluster_kubernetes/gateway_world.h"
#include "tests/component/kube/kube_world.h"
#include "tests/component/kube/wire.h"

namespace faisca {
namespace {

using kube::Json;
using kube::testing::eventually;
using ::testing::HasSubstr;

class GatewayOnKubernetes : public kube::KubeWorld {
 protected:
  void SetUp() override {
    KubeWorld::SetUp();
    open(client());
  }
  void TearDown() override {
    world_.reset();
    for (const std::string& name : more_spaces_)
      (void)client().send(kube::remove(kube::kNamespaces, {"", name}));
    KubeWorld::TearDown();
  }

  void open(kube::Client& through) {
    world_.reset();
    cluster::KubernetesSettings settings;
    settings.default_namespace = space();
    settings.command_timeout = std::chrono::seconds(5);
    world_.emplace(through, settings);
  }
  GatewayWorld& world() { return *world_; }
  gateway::testing::Response system(const std::string& method, const std::string& path,
                                    const std::string& body = "") {
    return world().request(method, "/system/" + path, body);
  }
  int deploy(const std::string& method, const std::string& name, const std::string& more = "") {
    const auto answer = system(method, "functions",
                               R"({"service":")" + name + R"(","image":"test/)" + name + "\"" + more + "}");
    last_ = answer.body;
    return answer.status;
  }
  Json function(const std::string& name) {
    return must(client().send(kube::get(kube::kFunctions, {space(), name})));
  }
  std::string make_space(const std::string& suffix) {
    more_spaces_.push_back(space() + suffix);
    Json object = kube::make_object(kube::kNamespaces, {"", more_spaces_.back()});
    object["metadata"]["annotations"] = {{"openfaas", "1"}};
    must(client().send(kube::create(kube::kNamespaces, object)));
    return more_spaces_.back();
  }

  std::string last_;

 private:
  std::optional<GatewayWorld> world_;
  std::vector<std::string> more_spaces_;
};

TEST_F(GatewayOnKubernetes, DeploysRoutesScalesAndRemoves) {
  EXPECT_EQ(deploy("PUT", "hello"), 404) << last_;
  EXPECT_EQ(deploy("POST", "hello", R"(,"labels":{"team":"blue"},"secrets":["db"],"limits":{"memory":"64Mi"},
      "constraints":["kubernetes.io/arch=amd64"],"readOnlyRootFilesystem":true)"),
            202)
      << last_;
  EXPECT_EQ(deploy("POST", "hello"), 409) << last_;
  const Json spec = function("hello")["spec"];
  EXPECT_EQ(spec["image"], "test/hello");
  EXPECT_EQ(spec["secrets"], Json({"db"}));
  EXPECT_EQ(spec["resources"]["limits"]["memory"], "64Mi");
  EXPECT_EQ(spec["pod"]["nodeSelector"]["kubernetes.io/arch"], "amd64");

  const auto first = start_instance(), second = start_instance();
  put_endpoints(client(), space(), "hello", {{first.get()}});
  EXPECT_TRUE(world().answers("/function/hello", "Ada"));
  EXPECT_EQ(world().request("POST", "/function/hello." + space() + "/x", "Ada").body, "Ada");
  put_endpoints(client(), space(), "hello", {{first.get()}, {second.get()}});
  EXPECT_TRUE(world().knows("hello", 2));

  EXPECT_EQ(system("POST", "scale-function/hello", R"({"serviceName":"hello","replicas":3})").status, 202);
  EXPECT_EQ(function("hello")["spec"]["replicas"], 3);
  const Json status = Json::parse(system("GET", "function/hello").body);
  EXPECT_EQ(status["replicas"], 3);
  EXPECT_EQ(status["availableReplicas"], 2);
  EXPECT_EQ(status["namespace"], space());
  EXPECT_EQ(Json::parse(system("GET", "functions").body).size(), 1u);
  EXPECT_EQ(system("POST", "scale-function/hello", R"({"replicas":21})").status, 400);

  EXPECT_EQ(system("DELETE", "functions", R"({"functionName":"hello"})").status, 202);
  EXPECT_EQ(world().request("POST", "/function/hello", "x").status, 404);
  EXPECT_EQ(system("DELETE", "functions", R"({"functionName":"hello"})").status, 404);
}

TEST_F(GatewayOnKubernetes, TakesBackWhatALaterDeployLeavesOutAndNothingElse) {
  ASSERT_EQ(deploy("POST", "hello", R"(,"labels":{"a":"1","b":"2"},"envVars":{"X":"1"})"), 202) << last_;
  Json tolerating = kube::make_object(kube::kFunctions, {space(), "hello"});
  tolerating["spec"]["pod"]["nodeSelector"]["disk"] = "ssd";
  tolerating["metadata"]["labels"]["owner"] = "ops";
  must(client().send(kube::apply(kube::kFunctions, tolerating, "kubectl")));
  EXPECT_EQ(system("POST", "scale-function/hello", R"({"replicas":4})").status, 202);
  ASSERT_EQ(deploy("PUT", "hello", R"(,"labels":{"a":"3"})"), 202) << last_;
  const Json now = function("hello");
  EXPECT_EQ(now["metadata"]["labels"], (Json{{"a", "3"}, {"owner", "ops"}}));
  EXPECT_FALSE(now["spec"].contains("env"));
  EXPECT_EQ(now["spec"]["pod"]["nodeSelector"]["disk"], "ssd");
  EXPECT_EQ(now["spec"]["replicas"], 4) << "deploying does not scale";
}

TEST_F(GatewayOnKubernetes, SaysWhatTheApiServerDoesNotTake) {
  EXPECT_EQ(deploy("POST", "hello", R"(,"limits":{"memory":"lots"})"), 400);
  EXPECT_THAT(last_, HasSubstr("lots"));
  EXPECT_EQ(deploy("POST", "hello", R"(,"namespace":"kube-system")"), 400);
  EXPECT_THAT(last_, HasSubstr("not one for functions"));
  EXPECT_EQ(system("GET", "functions").body, "[]\n");
}

TEST_F(GatewayOnKubernetes, ServesSeveralNamespaces) {
  const std::string other = make_space("-b");
  ASSERT_TRUE(eventually([&] { return system("GET", "namespaces").body.find(other) != std::string::npos; }));
  ASSERT_EQ(deploy("POST", "hello"), 202) << last_;
  ASSERT_EQ(deploy("POST", "hello", R"(,"namespace":")" + other + "\""), 202) << last_;
  const auto here = start_instance(), there = start_instance(FAISCA_TESTDATA "/greet.sh");
  put_endpoints(client(), space(), "hello", {{here.get()}});
  put_endpoints(client(), other, "hello", {{there.get()}});
  EXPECT_TRUE(world().answers("/function/hello", "Ada"));
  EXPECT_TRUE(eventually(
      [&] { return world().request("POST", "/function/hello." + other, "Ada").body == "Hello, Ada\n"; }));
  EXPECT_EQ(world().request("POST", "/function/hello.openfaas-fn", "Ada").body, "Ada");
  EXPECT_EQ(world().request("POST", "/function/hello.nowhere", "Ada").status, 404);
  EXPECT_EQ(Json::parse(system("GET", "functions?namespace=" + other).body).at(0)["namespace"], other);
}

TEST_F(GatewayOnKubernetes, KeepsSecrets) {
  const auto send = [&](const std::string& method, const std::string& body) {
    return system(method, "secrets", body).status;
  };
  EXPECT_EQ(send("POST", R"({"name":"db","value":"hunter2"})"), 202);
  EXPECT_EQ(send("POST", R"({"name":"db","value":"hunter2"})"), 409);
  EXPECT_EQ(send("PUT", R"({"name":"db","value":"hunter3"})"), 202);
  EXPECT_EQ(send("PUT", R"({"name":"none","value":"x"})"), 404);
  EXPECT_EQ(system("GET", "secrets").body, R"([{"name":"db","namespace":")" + space() + "\"}]\n");
  const Json kept = must(client().send(kube::get(kube::kSecrets, {space(), "db"})));
  EXPECT_EQ(kept["data"], (Json{{"db", "aHVudGVyMw=="}}));
  EXPECT_EQ(kept["type"], "Opaque");
  EXPECT_EQ(send("DELETE", R"({"name":"db"})"), 202);
  EXPECT_EQ(send("DELETE", R"({"name":"db"})"), 404);
}

// A rolling update as the endpoints' controller tells it, while requests come.
TEST_F(GatewayOnKubernetes, FailsNoRequestWhileInstancesAreReplaced) {
  ASSERT_EQ(deploy("POST", "hello"), 202) << last_;
  std::vector<std::unique_ptr<watchdog::TestWatchdog>> running, leaving;
  for (int i = 0; i < 2; ++i) running.push_back(start_instance());
  put_endpoints(client(), space(), "hello", {{running[0].get()}, {running[1].get()}});
  ASSERT_TRUE(world().knows("hello", 2));
  std::atomic<bool> stopping = false;
  std::atomic<int> answered = 0, failed = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      auto connection = world().connect();
      while (!stopping) {
        const auto response = connection.request("POST", "/function/hello", "Ada");
        if (response.status != 200 || response.body != "Ada") {
          ADD_FAILURE() << response.status << " " << response.body;
          ++failed;
          if (response.status == 0) return;
        }
        ++answered;
      }
    });
  }
  for (int round = 0; round < 4; ++round) {
    running.push_back(start_instance());
    put_endpoints(client(), space(), "hello", {{running[0].get()}, {running[1].get()}, {running[2].get()}});
    running[0]->signal(SIGTERM);
    put_endpoints(client(), space(), "hello",
                  {{running[0].get(), Pod::kTerminating}, {running[1].get()}, {running[2].get()}});
    leaving.push_back(std::move(running[0]));
    running.erase(running.begin());
    put_endpoints(client(), space(), "hello", {{running[0].get()}, {running[1].get()}});
    const int goal = answered + 50;
    ASSERT_TRUE(eventually([&] { return answered > goal; }));
  }
  stopping = true;
  for (std::thread& thread : clients) thread.join();
  EXPECT_EQ(failed, 0) << "of " << answered;
}

TEST_F(GatewayOnKubernetes, WaitsForTheFirstInstance) {
  ASSERT_EQ(deploy("POST", "hello"), 202) << last_;
  const auto instance = start_instance();
  put_endpoints(client(), space(), "hello", {{instance.get(), Pod::kNotReady}});
  gateway::testing::Response response;
  std::thread caller([&] { response = world().request("POST", "/function/hello", "early"); });
  put_endpoints(client(), space(), "hello", {{instance.get()}});
  caller.join();
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.body, "early");
}

TEST_F(GatewayOnKubernetes, ServesOnWhileTheApiServerCannotBeReached) {
  kube::Wire wire(config().server);
  const auto through = connect(wire.url());
  open(*through);
  ASSERT_EQ(deploy("POST", "hello"), 202) << last_;
  const auto first = start_instance(), second = start_instance(FAISCA_TESTDATA "/greet.sh");
  put_endpoints(client(), space(), "hello", {{first.get()}});
  ASSERT_TRUE(world().answers("/function/hello", "Ada"));

  wire.cut();  // a watch that breaks off
  put_endpoints(client(), space(), "hello", {{first.get()}, {second.get()}});
  EXPECT_TRUE(world().knows("hello", 2));

  wire.set(kube::Wire::Mode::kClosed);
  put_endpoints(client(), space(), "hello", {{second.get()}});
  EXPECT_EQ(world().request("GET", "/healthz").status, 200);
  const std::string answer = world().request("POST", "/function/hello", "Ada").body;
  EXPECT_TRUE(answer == "Ada" || answer == "Hello, Ada\n") << answer;
  EXPECT_EQ(deploy("POST", "other"), 503) << last_;
  EXPECT_EQ(system("GET", "functions").status, 200);
  wire.set(kube::Wire::Mode::kOpen);
  EXPECT_TRUE(world().knows("hello", 1)) << "what happened meanwhile is seen";
  EXPECT_TRUE(eventually([&] { return deploy("PUT", "hello") == 202; }));
  open(client());
}

}  // namespace
}  // namespace faisca
