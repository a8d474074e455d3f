// Requests and their errors on a real API server.
#include <nlohmann/json.hpp>

#include "lib/base/files.h"
#include "lib/kube/api_error.h"
#include "lib/kube/apply.h"
#include "lib/kube/object.h"
#include "lib/kube/testing/temporary_folder.h"
#include "tests/component/kube/kube_world.h"

namespace faisca::kube {
namespace {

constexpr Resource kServiceAccounts{"", "v1", "serviceaccounts", "ServiceAccount"};
constexpr Resource kRoleBindings{"rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"};

class Requests : public KubeWorld {
 protected:
  Code code_of(const Result<Json>& result) { return result ? Code::kOk : result.error().code; }
  Json deployment(const std::string& cpu) {
    Json out = make_object(kDeployments, {space(), "d"});
    out["spec"] = Json::parse(R"({"replicas": 0, "selector": {"matchLabels": {"app": "d"}}, "template": {
      "metadata": {"labels": {"app": "d"}},
      "spec": {"automountServiceAccountToken": false,
               "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
               "containers": [{"name": "c", "image": "x", "env": [{"name": "A", "value": "1"}],
                 "ports": [{"name": "http", "containerPort": 8080}],
                 "resources": {"limits": {"memory": "1024Mi"}},
                 "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
                 "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
                 "readinessProbe": {"httpGet": {"path": "/_/ready", "port": "http"}, "periodSeconds": 1}}],
               "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "65536Ki"}}],
               "tolerations": [{"key": "k", "operator": "Exists"}]}}})");
    out["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["cpu"] = cpu;
    stamp(out);
    return out;
  }
};

TEST_F(Requests, CreateReadUpdateAndDelete) {
  Json made = must(client().send(create(kConfigMaps, config_map("x", "1"))));
  EXPECT_EQ(code_of(client().send(create(kConfigMaps, config_map("x", "1")))), Code::kAlreadyExists);
  EXPECT_FALSE(made["metadata"].contains("managedFields"));
  Json changed = made;
  changed["data"]["v"] = "2";
  must(client().send(update(kConfigMaps, changed)));
  const auto stale = client().send(update(kConfigMaps, made));
  ASSERT_FALSE(stale);
  EXPECT_TRUE(is_conflict(stale.error())) << stale.error().text();
  EXPECT_EQ(must(client().send(merge_patch(kConfigMaps, key_of(made), {{"data", {{"w", "3"}}}})))["data"],
            Json({{"v", "2"}, {"w", "3"}}));
  EXPECT_TRUE(is_conflict(
      client().send(remove(kConfigMaps, key_of(made), Propagation::kBackground, {.uid = "other"})).error()));
  must(client().send(remove(kConfigMaps, key_of(made), Propagation::kBackground, {.uid = uid_of(made)})));
  EXPECT_TRUE(is_not_found(client().send(get(kConfigMaps, key_of(made))).error()));
}

TEST_F(Requests, SayWhyTheyAreInvalid) {
  const auto refused = client().send(create(kConfigMaps, config_map("Not_A_Name", "1")));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
  EXPECT_NE(refused.error().text().find("RFC 1123 subdomain"), std::string::npos) << refused.error().text();
}

TEST_F(Requests, ListInPages) {
  for (int i = 0; i < 7; ++i) put("cm-" + std::to_string(i), "1");
  ListOptions options{.space = space(), .field_selector = "metadata.name!=kube-root-ca.crt", .limit = 3};
  std::vector<size_t> sizes;
  do {
    const Json page = must(client().send(list(kConfigMaps, options)));
    sizes.push_back(page["items"].size());
    options.continue_token = text_at(page, "/metadata/continue");
  } while (!options.continue_token.empty() && sizes.size() < 10);
  EXPECT_EQ(sizes, (std::vector<size_t>{3, 3, 1}));
}

TEST_F(Requests, ApplyTakesFieldsOverOrFails) {
  must(client().send(apply(kConfigMaps, config_map("x", "1"), "one")));
  const auto refused = client().send(apply(kConfigMaps, config_map("x", "2"), "two", "", Conflicts::kFail));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kFailedPrecondition) << refused.error().text();
  EXPECT_EQ(must(client().send(apply(kConfigMaps, config_map("x", "2"), "two")))["data"]["v"], "2");
}

TEST_F(Requests, ApplyWritesNothingWhenTheServerHasItAlready) {
  for (const char* cpu : {"0.5", "500m", "1"}) {
    const Json wanted = deployment(cpu);
    ASSERT_TRUE(apply_if_different(client(), kDeployments, nullptr, wanted, "test"));
    // The controller manager adds an annotation and a status meanwhile; neither is ours.
    const Json live = must(client().send(get(kDeployments, {space(), "d"})));
    EXPECT_EQ(first_difference(live, wanted), "") << cpu;
    EXPECT_EQ(*apply_if_different(client(), kDeployments, live, wanted, "test"), Applied::kUnchanged);
  }
}

TEST_F(Requests, ApplyRepairsWhatSomebodyChanged) {
  const Json wanted = deployment("1");
  ASSERT_TRUE(apply_if_different(client(), kDeployments, nullptr, wanted, "test"));
  const Json patch = Json::parse(
      R"({"spec": {"template": {"spec": {"tolerations": [], "securityContext": {"runAsNonRoot": false}}}}})");
  must(client().send(merge_patch(kDeployments, {space(), "d"}, patch)));
  Json live = must(client().send(get(kDeployments, {space(), "d"})));
  EXPECT_EQ(*apply_if_different(client(), kDeployments, live, wanted, "test"), Applied::kWritten);
  live = must(client().send(get(kDeployments, {space(), "d"})));
  EXPECT_EQ(first_difference(live, wanted), "");
}

TEST_F(Requests, ApplyAStatusByItself) {
  Json function = make_object(kFunctions, {space(), "f"});
  function["spec"]["image"] = "example/f:1";
  Json made = must(client().send(apply(kFunctions, function, "user")));
  Json status = make_object(kFunctions, {space(), "f"});
  status["status"] = {{"replicas", 1}, {"observedGeneration", 1}};
  EXPECT_EQ(*apply_if_different(client(), kFunctions, made, status, "test", "status"), Applied::kWritten);
  made = must(client().send(get(kFunctions, {space(), "f"})));
  EXPECT_EQ(made["status"]["replicas"], 1);
  EXPECT_EQ(generation_of(made), 1);
  EXPECT_EQ(*apply_if_different(client(), kFunctions, made, status, "test", "status"), Applied::kUnchanged);
  status["status"].erase("replicas");
  EXPECT_EQ(*apply_if_different(client(), kFunctions, made, status, "test", "status"), Applied::kWritten);
  EXPECT_FALSE(must(client().send(get(kFunctions, {space(), "f"})))["status"].contains("replicas"));
}

TEST_F(Requests, AreRefusedInANamespaceThatIsGoing) {
  put("x", "1");
  // A finalizer of the namespace's own keeps it in Terminating.
  must(client().send(
      merge_patch(kConfigMaps, {space(), "x"}, {{"metadata", {{"finalizers", {"faisca.dev/test"}}}}})));
  must(client().send(remove(kNamespaces, {"", space()})));
  const auto refused = client().send(create(kConfigMaps, config_map("y", "1")));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kFailedPrecondition) << refused.error().text();
  must(client().send(merge_patch(kConfigMaps, {space(), "x"}, {{"metadata", {{"finalizers", nullptr}}}})));
}

class Accounts : public Requests {
 protected:
  // A token of a new service account, as the kubelet would mount it.
  std::string make_token() {
    must(client().send(create(kServiceAccounts, make_object(kServiceAccounts, {space(), "sa"}))));
    Request ask{
        .verb = Verb::kCreate, .resource = kServiceAccounts, .key = {space(), "sa"}, .subresource = "token"};
    ask.body =
        R"({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 600}})";
    return text_at(must(client().send(ask)), "/status/token");
  }
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(write_file_atomic(folder_.path() / name, text));
  }

  testing::TemporaryFolder folder_;
};

TEST_F(Accounts, FollowATokenFileThatIsRotated) {
  const std::string token = make_token();
  ASSERT_FALSE(token.empty());
  Config as_account = config();
  as_account.certificate = as_account.key = {};
  as_account.token = {.data = "", .file = folder_.path() / "token"};
  write("token", "expired");
  auto account = *RestClient::create(as_account);
  const Request read = get(kConfigMaps, {space(), "x"});
  EXPECT_EQ(account->send(read).error().code, Code::kUnauthenticated);
  write("token", token);
  const auto denied = account->send(read);
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().code, Code::kPermissionDenied);  // known now, but without a role
  EXPECT_NE(denied.error().text().find("system:serviceaccount:" + space() + ":sa"), std::string::npos);
}

TEST_F(Accounts, AreUsedByAPod) {
  put("x", "1");
  write("token", make_token());
  write("namespace", space());
  write("ca.crt", *config().authority.read());
  Json binding = make_object(kRoleBindings, {space(), "view"});
  binding["roleRef"] = {{"apiGroup", "rbac.authorization.k8s.io"}, {"kind", "ClusterRole"}, {"name", "view"}};
  binding["subjects"] = Json::array({{{"kind", "ServiceAccount"}, {"name", "sa"}, {"namespace", space()}}});
  must(client().send(create(kRoleBindings, binding)));
  const std::string server = config().server;
  auto pod = in_cluster(
      {.host = "127.0.0.1", .port = server.substr(server.rfind(':') + 1), .folder = folder_.path()});
  ASSERT_TRUE(pod) << pod.error().text();
  auto account = *RestClient::create(*pod);
  EXPECT_EQ(account->default_space(), space());
  // The authorizer needs a moment to see the binding; until then it says 403.
  EXPECT_TRUE(eventually([&] { return account->send(get(kConfigMaps, {space(), "x"})).has_value(); }));
  EXPECT_EQ(code_of(account->send(remove(kConfigMaps, {space(), "x"}))), Code::kPermissionDenied);
}

TEST_F(Requests, CheckWhoTheServerIs) {
  Config wrong = config();
  wrong.tls_server_name = "somebody.else";
  const auto other_name = (*RestClient::create(wrong, {.tries = 1}))->send(list(kNodes));
  ASSERT_FALSE(other_name);
  EXPECT_EQ(other_name.error().code, Code::kUnavailable) << other_name.error().text();
  Config other = config();
  other.tls_server_name = "kubernetes.default.svc";  // one of the certificate's names
  EXPECT_TRUE((*RestClient::create(other))->send(list(kNodes)));
  wrong = config();
  wrong.authority = {};
  EXPECT_FALSE((*RestClient::create(wrong, {.tries = 1}))->send(list(kNodes)));
  wrong.skip_verification = true;
  EXPECT_TRUE((*RestClient::create(wrong, {.tries = 1}))->send(list(kNodes)));
}

}  // namespace
}  // namespace faisca::kube
