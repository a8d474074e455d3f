// What is written, on an API server in memory; the real one is in tests/component/cluster_kubernetes.
#include "lib/cluster/kubernetes/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"
#include "lib/kube/testing/fake_client.h"

namespace faisca::cluster {
namespace {

using kube::Json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

api::Function hello(int least = 1, std::optional<int> replicas = {}) {
  api::Function made;
  made.metadata = {"hello", "team", {}, {}};
  made.spec.image = "i";
  made.spec.scale.min = least;
  made.spec.replicas = replicas;
  return made;
}

class CommandsTest : public ::testing::Test {
 protected:
  Json live() { return client.send(kube::get(kube::kFunctions, {"team", "hello"})).value(); }
  Code code_of(const auto& result) { return result ? Code::kOk : result.error().code; }

  kube::testing::FakeClient client;
  Commands commands{client, std::chrono::seconds(5)};
};

TEST(Replicas, AreAsBeforeWithinTheLimitsUnlessSaid) {
  struct Row {
    int least, most;
    std::optional<int> said, before;
    int after;
  };
  const Row rows[] = {
      {1, 20, {}, {}, 1}, {0, 20, {}, {}, 1}, {3, 20, {}, {}, 3}, {1, 20, 7, {}, 7}, {1, 20, 0, 5, 0},
      {1, 20, {}, 5, 5},  {1, 4, {}, 5, 4},   {2, 20, {}, 0, 2},  {0, 20, {}, 0, 0},
  };
  for (const Row& row : rows) {
    api::FunctionSpec spec;
    spec.scale.min = row.least;
    spec.scale.max = row.most;
    spec.replicas = row.said;
    EXPECT_EQ(replicas_after(spec, row.before), row.after) << row.least << " " << row.most;
  }
}

TEST_F(CommandsTest, TellsCreatingFromUpdating) {
  EXPECT_EQ(code_of(commands.apply(hello(), Apply::kUpdate)), Code::kNotFound);
  EXPECT_EQ(code_of(commands.apply(hello(), Apply::kCreate)), Code::kOk);
  const auto again = commands.apply(hello(), Apply::kCreate);
  ASSERT_EQ(code_of(again), Code::kAlreadyExists);
  EXPECT_THAT(again.error().text(), HasSubstr("\"hello\""));
  EXPECT_THAT(again.error().text(), HasSubstr("\"team\""));
  EXPECT_EQ(code_of(commands.apply(hello(), Apply::kUpdate)), Code::kOk);
  EXPECT_EQ(code_of(commands.apply(hello(), Apply::kUpsert)), Code::kOk);
  EXPECT_EQ(code_of(commands.remove({"hello", "team"})), Code::kOk);
  EXPECT_EQ(code_of(commands.remove({"hello", "team"})), Code::kNotFound);
  EXPECT_EQ(code_of(commands.get({"hello", "team"})), Code::kNotFound);
  EXPECT_EQ(code_of(commands.scale({"hello", "team"}, 2)), Code::kNotFound);
}

TEST_F(CommandsTest, KeepsTheScaleWhenAFunctionIsDeployedAgain) {
  ASSERT_TRUE(commands.apply(hello(2), Apply::kCreate));
  EXPECT_EQ(live()["spec"]["replicas"], 2);
  ASSERT_TRUE(
      client.send(kube::merge_patch(kube::kFunctions, {"team", "hello"}, {{"spec", {{"replicas", 6}}}})));
  ASSERT_TRUE(commands.apply(hello(2), Apply::kUpdate));
  EXPECT_EQ(live()["spec"]["replicas"], 6);
}

TEST_F(CommandsTest, WritesAsItsFieldManagerAndOnlyTheIncarnationItSaw) {
  ASSERT_TRUE(commands.apply(hello(), Apply::kCreate));
  ASSERT_TRUE(commands.apply(hello(), Apply::kUpdate));
  const auto requests = client.requests();
  ASSERT_EQ(requests.size(), 4u);
  EXPECT_THAT(requests[1].path(), HasSubstr("fieldManager=faisca-gateway"));
  EXPECT_FALSE(Json::parse(requests[1].body)["metadata"].contains("uid"));
  EXPECT_EQ(Json::parse(requests[3].body)["metadata"]["uid"], kube::uid_of(live()));
}

TEST_F(CommandsTest, PassesTheApiServersErrorsOn) {
  client.set_fault([](const kube::Request&) { return Error{Code::kPermissionDenied, "forbidden", "", {}}; });
  EXPECT_EQ(code_of(commands.apply(hello(), Apply::kUpsert)), Code::kPermissionDenied);
  EXPECT_EQ(code_of(commands.remove({"hello", "team"})), Code::kPermissionDenied);
  EXPECT_EQ(code_of(commands.secrets("team")), Code::kPermissionDenied);
  EXPECT_EQ(code_of(commands.put_secret({"a", "team", "v"}, Apply::kCreate)), Code::kPermissionDenied);
}

TEST_F(CommandsTest, KeepsToTheSecretsMadeThroughIt) {
  Json foreign = kube::make_object(kube::kSecrets, {"team", "tls"});
  foreign["data"] = {{"key", "c2VjcmV0"}};
  ASSERT_TRUE(client.send(kube::create(kube::kSecrets, foreign)));
  ASSERT_TRUE(commands.put_secret({"db", "team", "hunter2"}, Apply::kCreate));
  ASSERT_TRUE(commands.put_secret({"api", "team", "x"}, Apply::kUpsert));
  ASSERT_TRUE(commands.put_secret({"db", "other", "y"}, Apply::kCreate));
  EXPECT_THAT(commands.secrets("team").value(), ElementsAre("api", "db"));
  EXPECT_EQ(code_of(commands.put_secret({"db", "team", "z"}, Apply::kCreate)), Code::kAlreadyExists);
  EXPECT_EQ(code_of(commands.put_secret({"none", "team", "z"}, Apply::kUpdate)), Code::kNotFound);
  EXPECT_EQ(code_of(commands.put_secret({"tls", "team", "z"}, Apply::kUpdate)), Code::kFailedPrecondition);
  EXPECT_EQ(code_of(commands.put_secret({"tls", "team", "z"}, Apply::kUpsert)), Code::kFailedPrecondition);
  EXPECT_EQ(code_of(commands.remove_secret("tls", "team")), Code::kFailedPrecondition);

  ASSERT_TRUE(commands.put_secret({"db", "team", "hunter3"}, Apply::kUpdate));
  const Json kept = client.send(kube::get(kube::kSecrets, {"team", "db"})).value();
  EXPECT_EQ(kept["data"], (Json{{"db", "aHVudGVyMw=="}})) << "a file of the secret's name";
  ASSERT_TRUE(commands.remove_secret("db", "team"));
  EXPECT_EQ(code_of(commands.remove_secret("db", "team")), Code::kNotFound);
  EXPECT_THAT(commands.secrets("team").value(), ElementsAre("api"));
}

}  // namespace
}  // namespace faisca::cluster
