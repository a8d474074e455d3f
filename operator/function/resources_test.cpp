// The children of Functions, whole, as golden files (FAISCA_UPDATE_GOLDEN=1 rewrites them), and what single
// fields do to them.
#include "operator/function/resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "lib/base/files.h"
#include "lib/kube/object.h"
#include "operator/function/pod.h"
#include "operator/function/testing/builders.h"

namespace faisca::operators {
namespace {

using kube::Json;
using namespace testing;

std::vector<Wanted> children_of(const api::Function& function, const std::string& device = "",
                                const std::string& node = "") {
  static const api::RuntimeSpec kPython = python();
  return wanted_children({.function = function,
                          .owner = owner_of(function),
                          .runtime = function.spec.source ? &kPython : nullptr,
                          .replicas = wanted_replicas(function.spec),
                          .device = device,
                          .node = node},
                         settings());
}

void expect_golden(const std::string& name, const std::vector<Wanted>& children) {
  std::string text;
  for (const Wanted& child : children) text += child.object.dump(2) + "\n";
  const std::string path = std::string(FAISCA_SOURCE_DIR) + "/operator/function/testdata/" + name + ".json";
  if (std::getenv("FAISCA_UPDATE_GOLDEN")) std::ofstream(path) << text;
  EXPECT_EQ(read_file(path).value_or("(no file)"), text) << "run the test once with FAISCA_UPDATE_GOLDEN=1";
}

Json pod_spec(const api::Function& function, const std::string& node = "") {
  return pod_template({function, nullptr, node}, settings())["spec"];
}
Json container(const api::Function& function) { return pod_spec(function)["containers"][0]; }

Json variable(const Json& container, const std::string& name) {
  for (const Json& each : container["env"])
    if (each["name"] == name) return each;
  return nullptr;
}

TEST(Children, OfAnImageAreAServiceAndADeployment) { expect_golden("image", children_of(function())); }

TEST(Children, OfInlineCodeHoldItInAConfigMap) { expect_golden("inline", children_of(inline_function())); }

TEST(Children, OfAMemProgramRunOnItsDevicesNode) {
  expect_golden("mem", children_of(offloaded(api::Convention::kMem), "node1-0", "node1"));
}

TEST(Children, OfAnXdpProgramAreNoPods) {
  expect_golden("xdp", children_of(offloaded(api::Convention::kXdp), "node1-0", "node1"));
}

TEST(Children, OfAFunctionWithEverything) {
  api::Function f = function("everything");
  f.metadata.name_space = "shop";
  api::FunctionSpec& spec = f.spec;
  spec.handler = {{"./resize", "--level", "80"}, api::Mode::kHttp};
  spec.env = {{"QUALITY", "80"},
              {"TOKEN", "", api::EnvSource{api::KeyReference{"token", "value"}, {}}},
              {"MODE", "", api::EnvSource{{}, api::KeyReference{"modes", "mode", true}}}};
  spec.timeouts = {std::chrono::minutes(2), std::chrono::seconds(5), std::chrono::milliseconds(2500)};
  spec.secrets = {"token", "certificates"};
  spec.config_maps = {"modes"};
  spec.resources = {{{"cpu", "100m"}}, {{"memory", "64Mi"}}};
  spec.scale = {2, 5};
  spec.pod = {.runtime_class = "kata",
              .node_selector = {{"kubernetes.io/arch", "amd64"}},
              .tolerations = {{"gpu", "Equal", "yes", "NoExecute", 30}},
              .affinity = R"({"podAntiAffinity":{}})",
              .service_account = "resizer",
              .image_pull_secrets = {"registry"},
              .labels = {{"team", "blue"}, {"faisca.dev/function", "other"}},
              .annotations = {{"note", "x"}, {"prometheus.io/scrape", "false"}}};
  expect_golden("everything", children_of(f));
}

TEST(Children, AreEqualForEqualFunctions) {
  EXPECT_EQ(children_of(inline_function())[2].object, children_of(inline_function())[2].object);
  EXPECT_NE(children_of(inline_function("print(1)"))[2].object,
            children_of(inline_function("print(2)"))[2].object)
      << "other code is another revision of the pods";
}

TEST(Children, StayTheSameWhenOnlyTheFunctionsLabelsChange) {
  api::Function labelled = function();
  labelled.metadata.labels["team"] = "blue";
  EXPECT_EQ(children_of(labelled)[1].object, children_of(function())[1].object);
}

TEST(Pod, IsCompleteForTheRestrictedStandard) {
  for (const api::Function& f : {function(), inline_function(), offloaded(api::Convention::kMem)}) {
    const Json pod = pod_template({f, nullptr, ""}, settings())["spec"];
    EXPECT_EQ(pod["securityContext"]["runAsNonRoot"], true);
    EXPECT_EQ(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
    EXPECT_FALSE(pod.contains("hostNetwork"));
    const Json& security = pod["containers"][0]["securityContext"];
    EXPECT_EQ(security["allowPrivilegeEscalation"], false);
    EXPECT_EQ(security["readOnlyRootFilesystem"], true);
    EXPECT_EQ(security["capabilities"], (Json{{"drop", {"ALL"}}}));
    for (const Json& volume : pod.value("volumes", Json::array())) EXPECT_FALSE(volume.contains("hostPath"));
  }
}

TEST(Pod, MayWriteOutsideTmpWhenAsked) {
  api::Function f = function();
  f.spec.read_only_root_filesystem = false;
  EXPECT_EQ(container(f)["securityContext"]["readOnlyRootFilesystem"], false);
  EXPECT_FALSE(pod_spec(f).contains("volumes"));
}

TEST(Pod, HasTimeToAnnounceItsEndAndToFinish) {
  const FunctionSettings s = settings();
  EXPECT_EQ(termination_grace(api::Timeouts{}, s), std::chrono::seconds(5 + 30 + 5));
  EXPECT_EQ(termination_grace({.exec = std::chrono::minutes(2)}, s), std::chrono::seconds(5 + 120 + 5));
  EXPECT_EQ(variable(container(function()), "healthcheck_interval")["value"], "5s");
}

TEST(Pod, GivesTheCommandAsOpenFaasWatchdogsReadIt) {
  api::Function f = function();
  f.spec.handler.command = {"./resize", "-v"};
  EXPECT_EQ(variable(container(f), "fprocess")["value"], "./resize -v");
  EXPECT_FALSE(container(f).contains("args"));
  // What a watchdog that splits on spaces would take apart goes the other way.
  f.spec.handler.command = {"sh", "-c", "echo hello"};
  EXPECT_TRUE(variable(container(f), "fprocess").is_null());
  EXPECT_EQ(container(f)["args"], (Json{"--", "sh", "-c", "echo hello"}));
}

TEST(Pod, LetsAFunctionOverrideSettingsButNotWhatThePlatformOwns) {
  api::Function f = function();
  f.spec.env = {{"write_timeout", "7s"}, {"FAISCA_MAX_BODY", "1"}};
  EXPECT_EQ(variable(container(f), "write_timeout")["value"], "7s");
  EXPECT_EQ(variable(container(f), "FAISCA_MAX_BODY")["value"], "10485760");
}

TEST(Pod, IsPinnedToANodeInEveryAlternativeOfItsAffinity) {
  api::Function f = offloaded(api::Convention::kMem);
  f.spec.pod.affinity =
      R"({"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[
      {"matchExpressions":[{"key":"a","operator":"Exists"}]},{"matchExpressions":[{"key":"b","operator":"Exists"}]}]}}})";
  const Json terms =
      pod_spec(f, "node1")["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
                          ["nodeSelectorTerms"];
  ASSERT_EQ(terms.size(), 2u);
  for (const Json& term : terms) {
    EXPECT_EQ(term["matchFields"],
              (Json::array({{{"key", "metadata.name"}, {"operator", "In"}, {"values", {"node1"}}}})));
    EXPECT_TRUE(term.contains("matchExpressions"));
  }
}

TEST(Replicas, AreKeptWithinTheScaleUnlessThereShouldBeNone) {
  struct Row {
    std::optional<int> asked;
    int min, max;
    bool suspended;
    int wanted;
  };
  const Row kRows[] = {{{}, 1, 20, false, 1},  {{}, 0, 20, false, 1}, {{}, 3, 20, false, 3},
                       {0, 1, 20, false, 0},   {1, 2, 20, false, 2},  {7, 1, 20, false, 7},
                       {30, 1, 20, false, 20}, {7, 1, 20, true, 0}};
  for (const Row& row : kRows) {
    api::FunctionSpec spec;
    spec.replicas = row.asked;
    spec.scale = {row.min, row.max};
    spec.suspended = row.suspended;
    EXPECT_EQ(wanted_replicas(spec), row.wanted)
        << row.asked.value_or(-1) << " in " << row.min << ".." << row.max;
  }
}

}  // namespace
}  // namespace faisca::operators
