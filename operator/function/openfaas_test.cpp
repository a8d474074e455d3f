#include "operator/function/openfaas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faisca::operators {
namespace {

using ::testing::HasSubstr;

std::string object(const std::string& spec) {
  return R"({"apiVersion":"openfaas.com/v1","kind":"Function","metadata":{"name":"env","namespace":"openfaas-fn"},"spec":)" +
         spec + "}";
}

TEST(OpenFaas, ReadsEveryFieldThatHasAMeaning) {
  const auto f = read_openfaas_function(object(R"({
      "name": "env", "image": "ghcr.io/openfaas/alpine:latest", "handler": "env  -0",
      "labels": {"com.openfaas.scale.min": "2", "com.openfaas.scale.max": "15", "team": "blue"},
      "annotations": {"topic": "cron"}, "environment": {"debug": "true"}, "secrets": ["token"],
      "constraints": ["node.kubernetes.io/instance-type = big", "zone == eu-1"],
      "limits": {"memory": "128Mi", "cpu": "1"}, "requests": {"memory": "64Mi"}, "readOnlyRootFilesystem": true})"));
  ASSERT_TRUE(f) << f.error().text();
  EXPECT_EQ(f->metadata.name, "env");
  EXPECT_EQ(f->metadata.name_space, "openfaas-fn");
  EXPECT_EQ(f->spec.image, "ghcr.io/openfaas/alpine:latest");
  EXPECT_EQ(f->spec.handler.command, (std::vector<std::string>{"env", "-0"}));
  EXPECT_EQ(f->spec.env, (std::vector<api::EnvVar>{{"debug", "true"}}));
  EXPECT_EQ(f->spec.secrets, (std::vector<std::string>{"token"}));
  EXPECT_EQ(f->spec.scale.min, 2);
  EXPECT_EQ(f->spec.scale.max, 15);
  EXPECT_EQ(f->spec.pod.node_selector, (std::map<std::string, std::string>{
                                           {"node.kubernetes.io/instance-type", "big"}, {"zone", "eu-1"}}));
  EXPECT_EQ(f->spec.resources.limits, (api::Quantities{{"cpu", "1"}, {"memory", "128Mi"}}));
  EXPECT_EQ(f->spec.resources.requests, (api::Quantities{{"memory", "64Mi"}}));
  EXPECT_TRUE(f->spec.read_only_root_filesystem);
  EXPECT_EQ(f->spec.pod.labels.at("team"), "blue");
  EXPECT_EQ(f->spec.pod.annotations.at("topic"), "cron");
}

TEST(OpenFaas, HasItsOwnDefaults) {
  const auto f = read_openfaas_function(object(R"({"name":"env","image":"x"})"));
  ASSERT_TRUE(f);
  EXPECT_FALSE(f->spec.read_only_root_filesystem);
  EXPECT_EQ(f->spec.scale, api::Scale{});
}

TEST(OpenFaas, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> kRows[] = {
      {R"({"name":"env"})", "spec.image: it is missing"},
      {R"({"name":"other","image":"x"})", "spec.name: \"other\" is not the name of the resource, \"env\""},
      {R"({"image":"x","constraints":["zone"]})", "spec.constraints: \"zone\" is not a label and its value"},
      {R"({"image":"x","constraints":["zone != eu"]})", "spec.constraints: \"zone != eu\" is not a label"},
      {R"({"image":"x","labels":{"com.openfaas.scale.min":"few"}})", "\"few\" is not a number of instances"},
  };
  for (const auto& [spec, error] : kRows) {
    const auto f = read_openfaas_function(object(spec));
    ASSERT_FALSE(f) << spec;
    EXPECT_THAT(f.error().text(), HasSubstr(error));
  }
  EXPECT_FALSE(read_openfaas_function("nonsense"));
}

TEST(OpenFaas, WritesTheStatusThatItsDefinitionHas) {
  api::FunctionStatus status;
  status.replicas = 3;
  status.ready_replicas = 1;
  status.observed_generation = 4;
  status.url = "http://gateway";
  status.conditions = {
      {"Ready", api::ConditionStatus::kTrue, "InstancesReady", "", 4, "2026-01-02T03:04:05Z"}};
  const kube::Json json = openfaas_status_json(status);
  EXPECT_EQ(json["availableReplicas"], 1);
  EXPECT_EQ(json["unavailableReplicas"], 2);
  EXPECT_FALSE(json.contains("url"));
  kube::Json object = {{"apiVersion", "openfaas.com/v1"}, {"kind", "Function"}, {"status", json}};
  const auto read = read_openfaas_status(object.dump());
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->ready_replicas, 1);
  EXPECT_EQ(read->conditions, status.conditions);
}

}  // namespace
}  // namespace faisca::operators
