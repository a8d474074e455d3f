#include "lib/kube/config.h"

#include <gtest/gtest.h>

#include "lib/base/files.h"
#include "lib/kube/testing/temporary_folder.h"

namespace faisca::kube {
namespace {

const char kTwoContexts[] = R"(
apiVersion: v1
kind: Config
current-context: dev
contexts:
- {name: dev, context: {cluster: local, user: cert, namespace: mine}}
- {name: prod, context: {cluster: far, user: token}}
- {name: cloud, context: {cluster: far, user: plugin}}
- {name: bare, context: {cluster: far}}
- {name: broken, context: {cluster: nowhere, user: cert}}
clusters:
- {name: local, cluster: {server: "https://127.0.0.1:6443/", certificate-authority: pki/ca.crt, tls-server-name: kube}}
- {name: far, cluster: {server: "https://far:443", certificate-authority-data: aGVsbG8=, insecure-skip-tls-verify: true}}
users:
- {name: cert, user: {client-certificate: a.crt, client-key: /abs/a.key}}
- {name: token, user: {token: secret}}
- name: plugin
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: get-token
      args: [a, b]
      env: [{name: X, value: "1"}]
      installHint: install it
)";

Result<Config> parse(std::string_view context, std::string_view text = kTwoContexts) {
  return parse_kubeconfig(text, "/etc/kube", context);
}

std::string refusal(std::string_view text, std::string_view context = "") {
  const auto config = parse(context, text);
  return config ? "accepted" : config.error().text();
}

TEST(Kubeconfig, TakesTheCurrentContextWithPathsRelativeToTheFile) {
  const auto config = parse("");
  ASSERT_TRUE(config) << config.error().text();
  EXPECT_EQ(config->server, "https://127.0.0.1:6443");
  EXPECT_EQ(config->authority.file, "/etc/kube/pki/ca.crt");
  EXPECT_EQ(config->certificate.file, "/etc/kube/a.crt");
  EXPECT_EQ(config->key.file, "/abs/a.key");
  EXPECT_EQ(config->tls_server_name, "kube");
  EXPECT_EQ(config->space, "mine");
  EXPECT_FALSE(config->skip_verification);
}

TEST(Kubeconfig, TakesANamedContextWithDataInIt) {
  const auto config = parse("prod");
  ASSERT_TRUE(config) << config.error().text();
  EXPECT_EQ(config->authority.data, "hello");
  EXPECT_EQ(config->token.data, "secret");
  EXPECT_EQ(config->space, "default");
  EXPECT_TRUE(config->skip_verification);
}

TEST(Kubeconfig, TakesAnExecPlugin) {
  const auto config = parse("cloud");
  ASSERT_TRUE(config) << config.error().text();
  EXPECT_EQ(config->exec.command, "get-token");
  EXPECT_EQ(config->exec.arguments, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config->exec.environment.at("X"), "1");
}

TEST(Kubeconfig, WorksWithoutAUser) { EXPECT_TRUE(parse("bare")); }

TEST(Kubeconfig, SaysWhatIsWrong) {
  EXPECT_EQ(refusal(kTwoContexts, "prd"), "there is no \"prd\" in contexts; hint: did you mean \"prod\"?");
  EXPECT_NE(refusal(kTwoContexts, "broken").find("there is no \"nowhere\" in clusters"), std::string::npos);
  EXPECT_NE(refusal("{").find("not YAML"), std::string::npos);
  EXPECT_NE(refusal("- 1").find("not a map"), std::string::npos);
  EXPECT_NE(refusal("{}").find("no current-context"), std::string::npos);
  EXPECT_NE(refusal("{current-context: a, contexts: 1}").find("contexts must be a list"), std::string::npos);
  const std::string user =
      "{current-context: a, contexts: [{name: a, context: {cluster: c, user: u}}], clusters: [{name: c, "
      "cluster: {server: 'https://x'}}], users: [{name: u, user: ";
  EXPECT_NE(refusal(user + "{client-certificate: x}}]}").find("both needed"), std::string::npos);
  EXPECT_NE(refusal(user + "{username: x}}]}").find("username is not supported"), std::string::npos);
  EXPECT_NE(refusal(user + "{token: [1]}}]}").find("line 1: token must be a text"), std::string::npos);
  EXPECT_NE(refusal(user + "{client-key-data: '!'}}]}").find("client-key-data"), std::string::npos);
  EXPECT_NE(refusal(user + "{exec: {apiVersion: v9, command: x}}}]}").find("exec.apiVersion \"v9\""),
            std::string::npos);
  EXPECT_NE(refusal("{current-context: a, contexts: [{name: a, context: {cluster: c}}], clusters: [{name: c, "
                    "cluster: {server: x}}]}")
                .find("not a URL"),
            std::string::npos);
}

class PodTest : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
  PodEnvironment environment_{.host = "10.96.0.1", .port = "443", .folder = folder_.path()};
};

TEST_F(PodTest, UsesWhatTheKubeletMounted) {
  ASSERT_TRUE(write_file_atomic(folder_.path() / "token", "t"));
  ASSERT_TRUE(write_file_atomic(folder_.path() / "namespace", "faisca\n"));
  const auto config = in_cluster(environment_);
  ASSERT_TRUE(config) << config.error().text();
  EXPECT_EQ(config->server, "https://10.96.0.1:443");
  EXPECT_EQ(config->space, "faisca");
  EXPECT_EQ(config->token.file, folder_.path() / "token");
  environment_.host = "fd00::1";
  EXPECT_EQ(in_cluster(environment_)->server, "https://[fd00::1]:443");
}

TEST_F(PodTest, SaysWhatIsMissing) {
  EXPECT_EQ(in_cluster(environment_).error().code, Code::kFailedPrecondition);
  environment_.host = "";
  EXPECT_NE(in_cluster(environment_).error().text().find("not in a pod"), std::string::npos);
}

TEST(Material, ComesFromTheFileAsItIsNow) {
  testing::TemporaryFolder folder;
  const Material material{.data = "", .file = folder.path() / "x"};
  EXPECT_EQ(material.read().error().code, Code::kNotFound);
  ASSERT_TRUE(write_file_atomic(material.file, "one"));
  EXPECT_EQ(*material.read(), "one");
  ASSERT_TRUE(write_file_atomic(material.file, "two"));
  EXPECT_EQ(*material.read(), "two");
}

}  // namespace
}  // namespace faisca::kube
