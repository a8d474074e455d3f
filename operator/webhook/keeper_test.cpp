#include "operator/webhook/keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/base/base64.h"
#include "lib/kube/object.h"
#include "lib/kube/testing/fake_client.h"

namespace faisca::webhook {
namespace {

using kube::Json;
using std::chrono::hours;

class WebhookKeeperTest : public testing::Test {
 protected:
  WebhookKeeperTest() { clock_.advance(hours(24 * 365 * 50)); }

  Keeper keeper() {
    return {client_,
            clock_,
            {.secret = {"faisca", "faisca-webhook-tls"},
             .configuration = "faisca",
             .names = {"faisca-webhook.faisca.svc"}}};
  }
  void make_configuration() {
    Json configuration = kube::make_object(kube::kValidatingWebhooks, {"", "faisca"});
    configuration["webhooks"] = {
        {{"name", "functions.faisca.dev"}, {"clientConfig", {{"url", "https://127.0.0.1:1/"}}}}};
    ASSERT_TRUE(client_.send(kube::create(kube::kValidatingWebhooks, configuration)));
  }
  Json secret() {
    return client_.send(kube::get(kube::kSecrets, {"faisca", "faisca-webhook-tls"})).value_or(Json());
  }
  Json configuration() {
    return client_.send(kube::get(kube::kValidatingWebhooks, {"", "faisca"})).value_or(Json());
  }

  kube::testing::FakeClient client_;
  FakeClock clock_;
};

TEST_F(WebhookKeeperTest, MakesTheSecretOnceAndThenOnlyReadsIt) {
  const auto first = keeper().keep_certificates();
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(kube::text_at(secret(), "/type"), "kubernetes.io/tls");
  client_.clear_requests();
  const auto again = keeper().keep_certificates();
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *first);
  EXPECT_EQ(client_.writes(), 0u);
}

TEST_F(WebhookKeeperTest, TakesWhatAFasterOperatorHasMade) {
  // The other one creates the Secret between our look and our create.
  Certificates theirs;
  client_.set_fault([&](const kube::Request& request) -> std::optional<Error> {
    if (request.verb == kube::Verb::kCreate && theirs.leaf.empty()) {
      theirs.leaf = "busy";
      theirs = keeper().keep_certificates().value_or(Certificates{});
    }
    return std::nullopt;
  });
  const auto lost = keeper().keep_certificates();
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, Code::kAborted);
  const auto found = keeper().keep_certificates();
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, theirs);
}

TEST_F(WebhookKeeperTest, OfTwoThatRenewOneWins) {
  const Certificates old = keeper().keep_certificates().value_or(Certificates{});
  clock_.advance(kLeafLife);
  Certificates theirs;
  client_.set_fault([&](const kube::Request& request) -> std::optional<Error> {
    if (request.verb == kube::Verb::kMergePatch && theirs.leaf.empty()) {
      theirs.leaf = "busy";
      theirs = keeper().keep_certificates().value_or(Certificates{});
    }
    return std::nullopt;
  });
  const auto lost = keeper().keep_certificates();
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, Code::kAborted);
  const auto found = keeper().keep_certificates();
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, theirs);
  EXPECT_NE(found->leaf, old.leaf);
  EXPECT_EQ(found->authority, old.authority);
}

TEST_F(WebhookKeeperTest, MendsASecretThatSomebodyHasSpoilt) {
  ASSERT_TRUE(keeper().keep_certificates());
  ASSERT_TRUE(client_.send(kube::merge_patch(kube::kSecrets, {"faisca", "faisca-webhook-tls"},
                                             {{"data", {{"tls.key", "!!!"}, {"tls.crt", nullptr}}}})));
  const auto mended = keeper().keep_certificates();
  ASSERT_TRUE(mended) << mended.error().text();
  EXPECT_EQ(renewal_of(*mended, {"faisca-webhook.faisca.svc"}, clock_.wall()), Renewal::kNone);
  EXPECT_EQ(base64_decode(kube::text_at(secret(), "/data/tls.crt")).value_or(""), mended->leaf);
}

TEST_F(WebhookKeeperTest, WritesTheAuthorityIntoTheConfigurationWhenItDiffers) {
  make_configuration();
  Keeper one = keeper();
  const Certificates certificates = one.keep_certificates().value_or(Certificates{});
  ASSERT_TRUE(one.keep_bundle(certificates));
  EXPECT_EQ(kube::text_at(configuration(), "/webhooks/0/clientConfig/caBundle"),
            base64_encode(certificates.authority));
  client_.clear_requests();
  ASSERT_TRUE(one.keep_bundle(certificates));
  EXPECT_EQ(client_.writes(), 0u);
}

TEST_F(WebhookKeeperTest, SaysThatThereIsNoConfigurationAndMakesNone) {
  Keeper one = keeper();
  const Certificates certificates = one.keep_certificates().value_or(Certificates{});
  client_.clear_requests();
  const Status kept = one.keep_bundle(certificates);
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, Code::kNotFound);
  EXPECT_EQ(client_.writes(), 0u);
}

TEST_F(WebhookKeeperTest, PassesOnWhatTheApiServerRefuses) {
  client_.set_fault(
      [](const kube::Request&) { return Error{Code::kPermissionDenied, "secrets is forbidden", "", {}}; });
  const auto refused = keeper().keep_certificates();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kPermissionDenied);
}

}  // namespace
}  // namespace faisca::webhook
