#include "api/types/function/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace faisca::api {
namespace {

using testing::HasSubstr;

TEST(FunctionJson, ReadsAFunctionDeployment) {
  const auto f = function_from_deployment(R"({
    "service": "nodeinfo", "image": "functions/nodeinfo:latest", "namespace": "shop", "envProcess": "node  main.js",
    "envVars": {"B": "2", "A": "1"}, "labels": {"com.openfaas.scale.min": "2", "com.openfaas.scale.max": "9"},
    "annotations": {"topic": "x"}, "constraints": [], "secrets": null, "limits": {"memory": "128Mi"}, "newField": 1})");
  ASSERT_TRUE(f) << f.error().text();
  EXPECT_EQ(f->metadata.name, "nodeinfo");
  EXPECT_EQ(f->metadata.name_space, "shop");
  EXPECT_EQ(f->spec.image, "functions/nodeinfo:latest");
  EXPECT_EQ(f->spec.handler.command, (std::vector<std::string>{"node", "main.js"}));
  EXPECT_EQ(f->spec.env, (std::vector<EnvVar>{{"A", "1"}, {"B", "2"}}));
  EXPECT_EQ(f->spec.scale, (Scale{2, 9}));
  EXPECT_EQ(f->metadata.annotations.at("topic"), "x");
}

TEST(FunctionJson, ReadsWhatAPodNeeds) {
  const auto f = function_from_deployment(R"({
    "service": "x", "image": "i", "secrets": ["db-password", "key"], "limits": {"memory": "128Mi", "cpu": "1"},
    "requests": {"cpu": "100m"}, "readOnlyRootFilesystem": false,
    "constraints": ["kubernetes.io/arch=amd64", "pool == fast lane"]})");
  ASSERT_TRUE(f) << f.error().text();
  EXPECT_EQ(f->spec.secrets, (std::vector<std::string>{"db-password", "key"}));
  EXPECT_EQ(f->spec.resources.limits, (Quantities{{"cpu", "1"}, {"memory", "128Mi"}}));
  EXPECT_EQ(f->spec.resources.requests, (Quantities{{"cpu", "100m"}}));
  EXPECT_FALSE(f->spec.read_only_root_filesystem);
  EXPECT_EQ(f->spec.pod.node_selector,
            (std::map<std::string, std::string>{{"kubernetes.io/arch", "amd64"}, {"pool", "fast lane"}}));
  EXPECT_EQ(function_from_deployment(deployment_json(*f)).value(), *f);
}

TEST(FunctionJson, RefusesWithTheField) {
  const std::pair<std::string, std::string> kRows[] = {
      {"", "the body is not JSON"},
      {"{", "the body is not JSON"},
      {"[]", "the body: array stands where an object is needed"},
      {"{}", "service: it is missing"},
      {R"({"service": 1})", "service: number stands where text is needed"},
      {R"({"service": "x", "envVars": []})", "envVars: array stands where an object is needed"},
      {R"({"service": "x", "labels": {"a": 1}})", "labels.a: number stands where text is needed"},
      {R"({"service": "x", "labels": {"com.openfaas.scale.min": "two"}})",
       "labels.com.openfaas.scale.min: \"two\" is not a whole number"},
      {R"({"service": "x", "secrets": "s"})", "secrets: string stands where a list is needed"},
      {R"({"service": "x", "secrets": [1]})", "secrets[]: number stands where text is needed"},
      {R"({"service": "x", "limits": {"cpu": 1}})", "limits.cpu: number stands where text is needed"},
      {R"({"service": "x", "readOnlyRootFilesystem": "no"})",
       "readOnlyRootFilesystem: string stands where true or false is needed"},
      {R"({"service": "x", "constraints": ["gpu"]})", "constraints: \"gpu\" does not say"},
      {R"({"service": "x", "constraints": ["a!=b"]})", "constraints: \"a!=b\" does not say"},
      {R"({"service": "x", "constraints": ["=b"]})", "constraints: \"=b\" does not say"},
      {R"({"service": "x", "constraints": ["a==="]})", "constraints: \"a===\" does not say"},
  };
  for (const auto& [text, error] : kRows) {
    const auto f = function_from_deployment(text);
    ASSERT_FALSE(f) << text;
    EXPECT_EQ(f.error().code, Code::kInvalidArgument);
    EXPECT_THAT(f.error().text(), HasSubstr(error));
  }
}

TEST(FunctionJson, ReadsBackTheDeploymentItPrints) {
  Function f;
  f.metadata = {"x", "shop", {{"com.openfaas.scale.min", "3"}}, {{"b", "c"}}};
  f.spec.image = "image";
  f.spec.handler.command = {"/bin/cat", "-n"};
  f.spec.env = {{"A", "é\n"}};
  f.spec.scale.min = 3;
  const auto back = function_from_deployment(deployment_json(f));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, f);
}

TEST(FunctionJson, PrintsAFunctionStatus) {
  Function f;
  f.metadata = {"x", "shop", {{"team", "blue"}}, {}};
  f.spec.handler.command = {"/bin/cat", "-n"};
  f.spec.env = {{"A", "1"}};
  FunctionFigures figures{3, 2, 17, std::chrono::system_clock::from_time_t(1'700'000'000), {}};
  EXPECT_EQ(nlohmann::json::parse(status_json(f, figures)), nlohmann::json::parse(R"({
    "name": "x", "namespace": "shop", "image": "", "envProcess": "/bin/cat -n", "envVars": {"A": "1"},
    "labels": {"team": "blue"}, "annotations": {}, "invocationCount": 17.0, "replicas": 3, "availableReplicas": 2,
    "createdAt": "2023-11-14T22:13:20Z", "readOnlyRootFilesystem": true})"));
  figures.usage = FunctionFigures::Usage{1.5, 1024};
  EXPECT_EQ(nlohmann::json::parse(status_json(f, figures))["usage"],
            nlohmann::json::parse(R"({"cpu": 1.5, "totalMemoryBytes": 1024.0})"));
}

}  // namespace
}  // namespace faisca::api
