// The API server ends and comes back under a gateway that serves.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"
#include "tests/component/cluster_kubernetes/gateway_world.h"
#include "tests/component/kube/kube_world.h"
#include "tests/component/kube/own_control_plane.h"

namespace faisca {
namespace {

using kube::Json;

// The suite's control plane has the definitions that this build makes.
void copy_definition(kube::Client& from, kube::Client& to, const std::string& name) {
  const auto known = from.send(kube::get(kube::kCustomResourceDefinitions, {"", name}));
  ASSERT_TRUE(known) << known.error().text();
  Json copy = kube::make_object(kube::kCustomResourceDefinitions, {"", name});
  copy["spec"] = known->at("spec");
  const auto made = to.send(kube::create(kube::kCustomResourceDefinitions, copy));
  ASSERT_TRUE(made) << made.error().text();
}

TEST(GatewayOutage, ServesThroughARestartOfTheApiServer) {
  ASSERT_FALSE(kube::test_kubeconfig().empty()) << "FAISCA_TEST_KUBECONFIG is not set: run this by ctest";
  const auto suite = kube::RestClient::create(*kube::load_kubeconfig(kube::test_kubeconfig()));
  kube::OwnControlPlane plane(kube::test_kubeconfig().parent_path() / "control");
  const auto client =
      kube::RestClient::create(*kube::load_kubeconfig(plane.kubeconfig()), {.requests_per_second = 0});
  copy_definition(**suite, **client, "functions.faisca.dev");
  GatewayWorld world(**client, {});
  const char* hello = R"({"service":"hello","image":"i"})";
  ASSERT_TRUE(kube::testing::eventually([&] {
    return world.request("PUT", "/system/functions", hello).status != 404 ||
           world.request("POST", "/system/functions", hello).status == 202;
  }));
  const auto instance = start_instance(), second = start_instance();
  put_endpoints(**client, "default", "hello", {{instance.get()}});
  ASSERT_TRUE(world.answers("/function/hello", "before"));

  plane.kill("kube-apiserver");
  for (int i = 0; i < 20; ++i) {
    const auto response = world.request("POST", "/function/hello", "while it is away");
    ASSERT_EQ(response.status, 200) << response.body;
  }
  EXPECT_EQ(world.request("GET", "/healthz").status, 200);

  plane.start("kube-apiserver");
  put_endpoints(**client, "default", "hello", {{instance.get()}, {second.get()}});
  EXPECT_TRUE(world.knows("hello", 2));
  EXPECT_TRUE(kube::testing::eventually(
      [&] { return world.request("PUT", "/system/functions", hello).status == 202; }));
}

}  // namespace
}  // namespace faisca
