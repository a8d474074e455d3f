#include "lib/cluster/kubernetes/projection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace faisca::cluster {
namespace {

using kube::Json;
using ::testing::HasSubstr;

Json function(const std::string& spec, const std::string& status = "{}") {
  return Json::parse(R"({"apiVersion":"faisca.dev/v1alpha1","kind":"Function","metadata":{
    "name":"hello","namespace":"team","generation":7,"creationTimestamp":"2026-01-02T03:04:05Z","uid":"u",
    "labels":{"a":"b"},"managedFields":[{"manager":"x"}]},"spec":)" +
                     spec + R"(,"status":)" + status + "}");
}

TEST(Projection, KeepsWhatRoutesARequest) {
  const auto state =
      function_of(function(R"({"image":"i","replicas":3,"concurrency":{"perInstance":7},"new":1})"));
  ASSERT_TRUE(state) << state.error().text();
  EXPECT_EQ(state->name(), "hello");
  EXPECT_EQ(state->name_space(), "team");
  EXPECT_EQ(state->function.metadata.labels.at("a"), "b");
  EXPECT_EQ(state->generation, 7u);
  EXPECT_EQ(state->replicas, 3);
  EXPECT_EQ(state->function.spec.concurrency.per_instance, 7);
  EXPECT_EQ(state->created_at, WallTime(std::chrono::seconds(1'767'323'045)));
  EXPECT_TRUE(state->ready.empty());
}

TEST(Projection, LeavesTheCodeWithTheApiServer) {
  const auto source = function_of(function(R"({"source":{"runtime":"python3","inline":"x = 1"}
})"));
  ASSERT_TRUE(source);
  EXPECT_EQ(source->function.spec.source->runtime, "python3");
  EXPECT_EQ(source->function.spec.source->inline_code, "");
  const auto offload =
      function_of(function(R"({"offload":{"convention":"mem","object":{"inline":"AAAA"}}})"));
  ASSERT_TRUE(offload);
  EXPECT_EQ(offload->function.spec.offload->object, "");
}

TEST(Projection, CountsTheReplicasThatAreWanted) {
  const std::pair<const char*, int> kRows[] = {
      {R"({"image":"i"})", 1},
      {R"({"image":"i","scale":{"min":2}})", 2},
      {R"({"image":"i","scale":{"min":0}})", 1},
      {R"({"image":"i","replicas":0})", 0},
      {R"({"image":"i","replicas":9,"scale":{"max":4}})", 4},
      {R"({"image":"i","replicas":5,"suspended":true})", 0},
  };
  for (const auto& [spec, replicas] : kRows)
    EXPECT_EQ(function_of(function(spec))->replicas, replicas) << spec;
}

TEST(Projection, SaysWhyAFunctionIsNotReady) {
  const auto reason = [](const std::string& condition) {
    return function_of(function(R"({"image":"i"})", R"({"conditions":[{"type":"Ready",)" + condition + "}]}"))
        ->reason;
  };
  EXPECT_EQ(reason(R"("status":"False","reason":"ImagePull","message":"no such image")"), "no such image");
  EXPECT_EQ(reason(R"("status":"Unknown","reason":"Starting")"), "Starting");
  EXPECT_EQ(reason(R"("status":"True","reason":"InstancesReady","message":"2 of 2")"), "");
  EXPECT_THAT(function_of(function(R"({"image":"i"})"))->reason, HasSubstr("operator has not seen"));
}

TEST(Projection, ServesAFunctionWhoseSpecItCannotRead) {
  const auto state = function_of(function(R"({"image":5,"timeouts":"soon"})"));
  ASSERT_TRUE(state);
  EXPECT_EQ(state->name(), "hello");
  EXPECT_THAT(state->reason, HasSubstr("its spec cannot be read"));
  EXPECT_FALSE(function_of(Json::object()));
  EXPECT_FALSE(function_of(Json::array()));
}

TEST(Projection, ReadsOpenFaasFunctions) {
  const auto state = openfaas_function_of(Json::parse(R"({"apiVersion":"openfaas.com/v1","kind":"Function",
    "metadata":{"name":"hello","namespace":"team","generation":2},
    "spec":{"name":"hello","image":"i","handler":"node x.js","environment":{"A":"1"},
            "labels":{"com.openfaas.scale.min":"2","com.openfaas.scale.max":"3"}}})"));
  ASSERT_TRUE(state) << state.error().text();
  EXPECT_EQ(state->name(), "hello");
  EXPECT_EQ(state->name_space(), "team");
  EXPECT_EQ(state->replicas, 2);
  EXPECT_EQ(state->function.spec.handler.command, (std::vector<std::string>{"node", "x.js"}));
  EXPECT_EQ(state->function.spec.env, (std::vector<api::EnvVar>{{"A", "1"}}));
  const auto odd =
      openfaas_function_of(Json::parse(R"({"metadata":{"name":"x","namespace":"y"},"spec":{"labels":[]}})"));
  ASSERT_TRUE(odd);
  EXPECT_THAT(odd->reason, HasSubstr("cannot be read"));
  EXPECT_TRUE(openfaas_function_of(Json::parse(R"({"metadata":{"name":"x","namespace":"y"}})")));
  EXPECT_FALSE(openfaas_function_of(Json::object()));
}

Json slice(const std::string& endpoints,
           const std::string& rest = R"("addressType":"IPv4","ports":[{"name":"http","port":8080}])") {
  return Json::parse(
      R"({"metadata":{"name":"hello-x1","namespace":"team","labels":{"faisca.dev/function":"hello"}},)" +
      rest + R"(,"endpoints":[)" + endpoints + "]}");
}

TEST(Projection, TakesTheEndpointsThatMayBeSentNewRequests) {
  const auto ready = [](const std::string& conditions) {
    return slice_of(slice(R"({"addresses":["10.0.0.1"],"conditions":)" + conditions + "}"))->ready.size() ==
           1;
  };
  EXPECT_TRUE(ready(R"({"ready":true,"serving":true,"terminating":false})"));
  EXPECT_TRUE(ready("{}")) << "absent means ready";
  EXPECT_TRUE(ready(R"({"ready":null})"));
  EXPECT_FALSE(ready(R"({"ready":false})"));
  EXPECT_FALSE(ready(R"({"ready":false,"serving":true,"terminating":true})"));
  EXPECT_FALSE(ready(R"({"ready":true,"serving":true,"terminating":true})"));
}

TEST(Projection, NamesEndpointsByTheirPod) {
  const auto taken = slice_of(slice(
      R"({"addresses":["10.0.0.1","10.0.0.9"],"targetRef":{"kind":"Pod","name":"hello-1"}},{"addresses":["10.0.0.2"]},{"addresses":[]})"));
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->function, (kube::ObjectKey{"team", "hello"}));
  EXPECT_EQ(taken->ready,
            (std::vector<Endpoint>{{"hello-1", "10.0.0.1", 8080}, {"10.0.0.2:8080", "10.0.0.2", 8080}}));
}

TEST(Projection, FindsTheHttpPort) {
  const std::pair<const char*, uint16_t> kRows[] = {
      {R"("addressType":"IPv4","ports":[{"name":"metrics","port":8081},{"name":"http","port":9000}])", 9000},
      {R"("addressType":"IPv4","ports":[{"port":9001}])", 9001},
      {R"("addressType":"IPv4","ports":[])", 8080},
      {R"("addressType":"IPv4","ports":[{"name":"http","port":99999}])", 8080},
      {R"("addressType":"IPv4","ports":null)", 8080},
  };
  for (const auto& [ports, port] : kRows)
    EXPECT_EQ(slice_of(slice(R"({"addresses":["10.0.0.1"]})", ports))->ready.at(0).port, port) << ports;
}

TEST(Projection, LeavesOtherSlicesOut) {
  EXPECT_TRUE(
      slice_of(slice(R"({"addresses":["fd00::1"]})", R"("addressType":"IPv6","ports":[])"))->ready.empty());
  EXPECT_FALSE(slice_of(Json::parse(R"({"metadata":{"name":"x","namespace":"y"}})")));
  EXPECT_FALSE(slice_of(Json::object()));
}

TEST(Projection, KnowsNamespacesForFunctions) {
  const auto takes = [](const char* metadata) {
    return takes_functions(Json{{"metadata", Json::parse(metadata)}});
  };
  EXPECT_TRUE(takes(R"({"annotations":{"openfaas":"1"}})"));
  EXPECT_TRUE(takes(R"({"labels":{"openfaas":"1"}})"));
  EXPECT_FALSE(takes(R"({"labels":{"openfaas":"true"}})"));
  EXPECT_FALSE(takes("{}"));
}

}  // namespace
}  // namespace faisca::cluster
