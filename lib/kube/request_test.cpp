#include "lib/kube/request.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"

namespace faisca::kube {
namespace {

TEST(Request, FindsItsPath) {
  const Json deployment = make_object(kDeployments, {"ns", "x"});
  const std::pair<Request, const char*> cases[] = {
      {get(kPods, {"ns", "x"}), "/api/v1/namespaces/ns/pods/x"},
      {get(kNodes, {"", "n1"}), "/api/v1/nodes/n1"},
      {get(kNodes, {"ignored", "n1"}), "/api/v1/nodes/n1"},
      {get(kDeployments, {"ns", "x"}), "/apis/apps/v1/namespaces/ns/deployments/x"},
      {list(kFunctions), "/apis/faisca.dev/v1alpha1/functions"},
      {list(kPods, {.space = "ns", .label_selector = "a=b,c", .limit = 5, .continue_token = "t/="}),
       "/api/v1/namespaces/ns/pods?labelSelector=a%3Db%2Cc&limit=5&continue=t%2F%3D"},
      {create(kDeployments, deployment), "/apis/apps/v1/namespaces/ns/deployments"},
      {update(kDeployments, deployment, "status"), "/apis/apps/v1/namespaces/ns/deployments/x/status"},
      {apply(kDeployments, deployment, "me"),
       "/apis/apps/v1/namespaces/ns/deployments/x?fieldManager=me&force=true"},
      {apply(kDeployments, deployment, "me", "status", Conflicts::kFail),
       "/apis/apps/v1/namespaces/ns/deployments/x/status?fieldManager=me"},
      {get(kPods, {"ns", "a/../b?c"}), "/api/v1/namespaces/ns/pods/a%2F..%2Fb%3Fc"},
  };
  for (const auto& [request, path] : cases) EXPECT_EQ(request.path(), path);
}

TEST(Request, NamesItsTypeInTheBody) {
  const Json plain{{"metadata", {{"name", "x"}, {"namespace", "ns"}}}};
  const Json body = Json::parse(create(kDeployments, plain).body);
  EXPECT_EQ(body["apiVersion"], "apps/v1");
  EXPECT_EQ(body["kind"], "Deployment");
}

TEST(Request, DeletesOnlyTheIncarnationThatIsMeant) {
  const Json body = Json::parse(
      remove(kPods, {"ns", "x"}, Propagation::kForeground, {.uid = "u", .resource_version = "7"}).body);
  EXPECT_EQ(body["propagationPolicy"], "Foreground");
  EXPECT_EQ(body["preconditions"], Json({{"uid", "u"}, {"resourceVersion", "7"}}));
}

TEST(Request, SaysWhatItDoes) {
  EXPECT_EQ(get(kPods, {"ns", "x"}).text(), "get pods ns/x");
  EXPECT_EQ(list(kPods, {.space = "ns"}).text(), "list pods in ns");
  Request watch = list(kFunctions);
  watch.query.emplace_back("watch", "1");
  EXPECT_EQ(watch.text(), "watch functions");
  EXPECT_EQ(merge_patch(kFunctions, {"ns", "x"}, Json::object(), "status").text(),
            "patch functions/status ns/x");
}

TEST(Request, SendsInvalidUtf8AsReplacementInsteadOfFailing) {
  EXPECT_NE(create(kConfigMaps, {{"data", {{"a", "\xff"}}}}).body.find("\xEF\xBF\xBD"), std::string::npos);
}

}  // namespace
}  // namespace faisca::kube
