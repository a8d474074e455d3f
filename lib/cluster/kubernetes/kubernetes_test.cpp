// The whole of it over an API server in memory.
#include "lib/cluster/kubernetes/kubernetes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"
#include "lib/kube/testing/eventually.h"
#include "lib/kube/testing/fake_client.h"

namespace faisca::cluster {
namespace {

using kube::Json;
using kube::testing::eventually;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

api::Function function(const std::string& name, const std::string& name_space = "") {
  api::Function made;
  made.metadata = {name, name_space, {}, {}};
  made.spec.image = "i";
  return made;
}

class KubernetesTest : public ::testing::Test {
 protected:
  // Quick, so that a wait that must time out does not take long.
  KubernetesTest() { settings.read_own_writes = std::chrono::seconds(20); }

  Cluster& open() {
    cluster = open_kubernetes(client, settings);
    EXPECT_TRUE(eventually([&] { return cluster->ready().has_value(); }));
    return *cluster;
  }
  void put_slice(const std::string& name, const std::string& function, std::vector<std::string> addresses) {
    Json object = kube::make_object(kube::kEndpointSlices, {"default", name});
    object["metadata"]["labels"] = {{"faisca.dev/function", function}};
    object["addressType"] = "IPv4";
    object["ports"] = {{{"name", "http"}, {"port", 8080}}};
    object["endpoints"] = Json::array();
    for (const std::string& address : addresses) object["endpoints"].push_back({{"addresses", {address}}});
    ASSERT_TRUE(client.send(kube::apply(kube::kEndpointSlices, object, "test")));
  }
  size_t ready_of(const std::string& name) {
    const FunctionStatePtr state = cluster->snapshot()->find(name);
    return state ? state->ready.size() : 0;
  }

  kube::testing::FakeClient client;
  KubernetesSettings settings;
  std::unique_ptr<Cluster> cluster;
};

TEST_F(KubernetesTest, ShowsItsOwnWritesWhenACommandReturns) {
  open();
  ASSERT_TRUE(cluster->apply(function("hello"), Apply::kCreate));
  ASSERT_TRUE(cluster->snapshot()->contains("hello"));
  EXPECT_EQ(cluster->snapshot()->find("hello")->name_space(), "default");
  api::Function changed = function("hello");
  changed.spec.concurrency.per_instance = 5;
  ASSERT_TRUE(cluster->apply(changed, Apply::kUpdate));
  EXPECT_EQ(cluster->snapshot()->find("hello")->function.spec.concurrency.per_instance, 5);
  EXPECT_EQ(cluster->get({"hello"})->spec.concurrency.per_instance, 5);
  ASSERT_TRUE(cluster->remove({"hello"}));
  EXPECT_FALSE(cluster->snapshot()->contains("hello"));
}

TEST_F(KubernetesTest, FollowsEndpoints) {
  open();
  ASSERT_TRUE(cluster->apply(function("hello"), Apply::kCreate));
  std::atomic<int> told = 0;
  const auto subscription = cluster->subscribe([&] { ++told; });
  put_slice("hello-1", "hello", {"10.0.0.1", "10.0.0.2"});
  EXPECT_TRUE(eventually([&] { return ready_of("hello") == 2; }));
  put_slice("hello-2", "hello", {"10.0.0.3"});
  EXPECT_TRUE(eventually([&] { return ready_of("hello") == 3; }));
  ASSERT_TRUE(client.send(kube::remove(kube::kEndpointSlices, {"default", "hello-1"})));
  EXPECT_TRUE(eventually([&] { return ready_of("hello") == 1; }));
  EXPECT_GE(told, 3);
}

TEST_F(KubernetesTest, KeepsTheLastSnapshotWhileTheApiServerIsAway) {
  open();
  ASSERT_TRUE(cluster->apply(function("hello"), Apply::kCreate));
  put_slice("hello-1", "hello", {"10.0.0.1"});
  ASSERT_TRUE(eventually([&] { return ready_of("hello") == 1; }));
  client.set_fault([](const kube::Request&) { return Error{Code::kUnavailable, "away", "", {}}; });
  client.cut_watches(kube::testing::FakeClient::History::kForgotten);
  settings.read_own_writes = std::chrono::milliseconds(1);
  EXPECT_EQ(cluster->apply(function("other"), Apply::kCreate).error().code, Code::kUnavailable);
  EXPECT_EQ(ready_of("hello"), 1u);
  EXPECT_TRUE(cluster->ready()) << "a gateway that knows where to send requests is ready";
  client.set_fault(nullptr);
  put_slice("hello-1", "hello", {});
  EXPECT_TRUE(eventually([&] { return ready_of("hello") == 0; }));
}

TEST_F(KubernetesTest, IsNotReadyBeforeItHasSeenEverything) {
  client.set_fault([](const kube::Request& request) -> std::optional<Error> {
    if (request.resource == kube::kEndpointSlices) return Error{Code::kPermissionDenied, "no", "", {}};
    return std::nullopt;
  });
  cluster = open_kubernetes(client, settings);
  ASSERT_TRUE(eventually([&] {
    const Status ready = cluster->ready();
    return !ready && ready.error().text().find("1 of the first lists") != std::string::npos;
  }));
  EXPECT_EQ(cluster->ready().error().code, Code::kUnavailable);
  EXPECT_TRUE(cluster->snapshot()->functions.empty());
  client.set_fault(nullptr);
  EXPECT_TRUE(eventually([&] { return cluster->ready().has_value(); }));
}

TEST_F(KubernetesTest, TakesFunctionsWhereTheyBelong) {
  for (const char* name : {"team", "kube-system"}) {
    Json object = kube::make_object(kube::kNamespaces, {"", name});
    if (name == std::string("team")) object["metadata"]["annotations"] = {{"openfaas", "1"}};
    ASSERT_TRUE(client.send(kube::create(kube::kNamespaces, object)));
  }
  open();
  EXPECT_THAT(cluster->namespaces(), ElementsAre("default", "team"));
  EXPECT_TRUE(cluster->apply(function("hello", "team"), Apply::kCreate));
  const Status refused = cluster->apply(function("hello", "kube-system"), Apply::kCreate);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
  EXPECT_THAT(refused.error().text(), HasSubstr("default, team"));
  EXPECT_FALSE(cluster->put_secret({"a", "kube-system", "x"}, Apply::kCreate));
  EXPECT_FALSE(cluster->secrets("kube-system"));
  EXPECT_TRUE(cluster->snapshot()->contains("hello", "team"));
  EXPECT_FALSE(cluster->snapshot()->contains("hello"));
  // Somebody applied it with kubectl: it is served all the same.
  Json applied = kube::make_object(kube::kFunctions, {"elsewhere", "direct"});
  applied["spec"] = {{"image", "i"}};
  ASSERT_TRUE(client.send(kube::create(kube::kFunctions, applied)));
  EXPECT_TRUE(eventually([&] { return cluster->snapshot()->contains("direct", "elsewhere"); }));
  EXPECT_THAT(cluster->namespaces(), ElementsAre("default", "elsewhere", "team"));
}

TEST_F(KubernetesTest, WatchesOnlyTheNamespacesItWasGiven) {
  settings.namespaces = {"a", "b"};
  settings.default_namespace = "a";
  for (const char* name_space : {"a", "b", "c"}) {
    Json object = kube::make_object(kube::kFunctions, {name_space, "hello"});
    object["spec"] = {{"image", "i"}};
    ASSERT_TRUE(client.send(kube::create(kube::kFunctions, object)));
  }
  open();
  EXPECT_EQ(cluster->snapshot()->functions.size(), 2u);
  EXPECT_THAT(cluster->namespaces(), ElementsAre("a", "b"));
  for (const kube::Request& request : client.requests())
    EXPECT_TRUE(request.key.space == "a" || request.key.space == "b" || request.verb == kube::Verb::kCreate)
        << request.text();
  // A list of one namespace that comes anew removes nothing of the other.
  client.cut_watches(kube::testing::FakeClient::History::kForgotten);
  ASSERT_TRUE(client.send(kube::remove(kube::kFunctions, {"a", "hello"})));
  EXPECT_TRUE(eventually([&] { return cluster->snapshot()->functions.size() == 1; }));
  EXPECT_TRUE(cluster->snapshot()->contains("hello", "b"));
}

TEST_F(KubernetesTest, ServesOpenFaasFunctionsWhenToldTo) {
  Json object = kube::make_object(kube::kOpenFaasFunctions, {"default", "classic"});
  object["spec"] = {{"name", "classic"}, {"image", "i"}};
  ASSERT_TRUE(client.send(kube::create(kube::kOpenFaasFunctions, object)));
  open();
  EXPECT_FALSE(cluster->snapshot()->contains("classic"));
  settings.openfaas = true;
  open();
  EXPECT_TRUE(cluster->snapshot()->contains("classic"));
  const Status refused = cluster->remove({"classic"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kFailedPrecondition);
  EXPECT_THAT(refused.error().text(), HasSubstr("kubectl -n default edit functions.openfaas.com classic"));
  EXPECT_FALSE(cluster->scale({"classic"}, 2));
  EXPECT_FALSE(cluster->apply(function("classic"), Apply::kUpsert));
}

TEST_F(KubernetesTest, LeavesTheInterpreterToTheRuntime) {
  open();
  api::Function ruby;
  ruby.metadata.name = "ruby";
  ruby.spec.source = api::Source{.runtime = "ruby", .inline_code = "puts 1"};
  ASSERT_TRUE(cluster->apply(ruby, Apply::kCreate)) << "a Runtime that only this cluster has";
  ruby.metadata.name = "python";
  ruby.spec.source->runtime = "python3";
  ASSERT_TRUE(cluster->apply(ruby, Apply::kCreate));
  EXPECT_TRUE(cluster->get({"python"})->spec.handler.command.empty());
  EXPECT_EQ(cluster->get({"python"})->spec.source->inline_code, "puts 1");
}

TEST_F(KubernetesTest, RefusesWhatMakesNoSense) {
  open();
  EXPECT_EQ(cluster->apply(function("1st"), Apply::kCreate).error().code, Code::kInvalidArgument)
      << "its Service could not be called so";
  EXPECT_EQ(cluster->apply(function("Not A Name"), Apply::kCreate).error().code, Code::kInvalidArgument);
  ASSERT_TRUE(cluster->apply(function("hello"), Apply::kCreate));
  const Status much = cluster->scale({"hello"}, 21);
  ASSERT_FALSE(much);
  EXPECT_EQ(much.error().code, Code::kInvalidArgument);
  EXPECT_THAT(much.error().text(), HasSubstr("spec.scale.max, 20"));
  EXPECT_EQ(cluster->logs({.function = {"none"}}, [](const LogLine&) { return true; }).error().code,
            Code::kNotFound);
}

}  // namespace
}  // namespace faisca::cluster
