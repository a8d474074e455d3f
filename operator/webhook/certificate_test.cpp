#include "operator/webhook/certificate.h"

#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "operator/webhook/openssl.h"

namespace faisca::webhook {
namespace {

using std::chrono::hours;

const std::vector<std::string> kNames = {"faisca-webhook.faisca.svc", "127.0.0.1"};
const WallTime kNow{hours(24 * 365 * 56)};

// As a client does it that trusts `authority` and wants to talk to `name` at the time `now`.
std::string trust(const std::string& authority, const std::string& leaf, const std::string& name,
                  WallTime now) {
  X509_STORE* store = X509_STORE_new();
  for (std::string rest = authority; auto trusted = read_certificate(rest);) {
    X509_STORE_add_cert(store, trusted->get());
    const auto next = rest.find("-----BEGIN", 1);
    if (next == std::string::npos) break;
    rest.erase(0, next);
  }
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  const auto certificate = read_certificate(leaf);
  EXPECT_TRUE(certificate);
  X509_STORE_CTX_init(context, store, certificate->get(), nullptr);
  X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_purpose(wanted, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_time(wanted, std::chrono::system_clock::to_time_t(now));
  if (!X509_VERIFY_PARAM_set1_ip_asc(wanted, name.c_str()))
    X509_VERIFY_PARAM_set1_host(wanted, name.c_str(), 0);
  const bool good = X509_verify_cert(context) == 1;
  const std::string why = good ? "" : X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  return why;
}

Certificates make(WallTime now = kNow) {
  const auto made = make_certificates(kNames, now);
  EXPECT_TRUE(made) << made.error().text();
  return made.value_or(Certificates{});
}

TEST(Certificate, IsTrustedForItsNamesAndItsTime) {
  const Certificates made = make();
  EXPECT_EQ(trust(made.authority, made.leaf, "faisca-webhook.faisca.svc", kNow), "");
  EXPECT_EQ(trust(made.authority, made.leaf, "127.0.0.1", kNow), "");
  EXPECT_EQ(trust(made.authority, made.leaf, "faisca-webhook.faisca.svc", kNow - hours(1)), "")
      << "a slow clock";
  EXPECT_NE(trust(made.authority, made.leaf, "other.faisca.svc", kNow), "");
  EXPECT_NE(trust(made.authority, made.leaf, "faisca-webhook.faisca.svc", kNow + kLeafLife + hours(1)), "");
  EXPECT_NE(trust(make().authority, made.leaf, "faisca-webhook.faisca.svc", kNow), "") << "another authority";
}

TEST(Certificate, IsRenewedInTimeUnderTheSameAuthority) {
  const Certificates made = make();
  EXPECT_EQ(renewal_of(made, kNames, kNow), Renewal::kNone);
  EXPECT_EQ(renewal_of(made, kNames, kNow + kLeafLife * 2 / 3 - hours(1)), Renewal::kNone);
  const WallTime later = kNow + kLeafLife * 2 / 3 + hours(1);
  ASSERT_EQ(renewal_of(made, kNames, later), Renewal::kLeaf);
  const auto next = renewed(made, kNames, later);
  ASSERT_TRUE(next) << next.error().text();
  EXPECT_EQ(next->authority, made.authority);
  EXPECT_NE(next->leaf, made.leaf);
  EXPECT_EQ(trust(made.authority, next->leaf, "faisca-webhook.faisca.svc", later + kLeafLife / 2), "");
  EXPECT_EQ(renewal_of(*next, kNames, later), Renewal::kNone);
}

TEST(Certificate, ANewAuthorityKeepsTheOldOneBesideIt) {
  const Certificates made = make();
  const WallTime later = kNow + kAuthorityLife * 9 / 10 + hours(1);
  ASSERT_EQ(renewal_of(made, kNames, later), Renewal::kAll);
  const auto next = renewed(made, kNames, later);
  ASSERT_TRUE(next);
  EXPECT_EQ(trust(next->authority, next->leaf, "faisca-webhook.faisca.svc", later), "");
  const auto leaf_before = renew_leaf(made, kNames, later);
  ASSERT_TRUE(leaf_before);
  EXPECT_EQ(trust(next->authority, leaf_before->leaf, "faisca-webhook.faisca.svc", later), "")
      << "a server that still uses the old one is trusted";
  EXPECT_EQ(renewal_of(*next, kNames, later), Renewal::kNone);
}

TEST(Certificate, IsMadeAnewWhenItCannotBeUsed) {
  const Certificates made = make();
  const Certificates other = make();
  Certificates broken = made;
  EXPECT_EQ(renewal_of({}, kNames, kNow), Renewal::kAll);
  broken.authority_key = other.authority_key;
  EXPECT_EQ(renewal_of(broken, kNames, kNow), Renewal::kAll);
  broken = made;
  broken.leaf_key = other.leaf_key;
  EXPECT_EQ(renewal_of(broken, kNames, kNow), Renewal::kLeaf);
  broken = made;
  broken.leaf = other.leaf;
  broken.leaf_key = other.leaf_key;
  EXPECT_EQ(renewal_of(broken, kNames, kNow), Renewal::kLeaf) << "signed by another authority";
  broken = made;
  broken.leaf = "-----BEGIN CERTIFICATE-----\nnonsense";
  EXPECT_EQ(renewal_of(broken, kNames, kNow), Renewal::kLeaf);
  EXPECT_EQ(renewal_of(made, {"another.name.svc"}, kNow), Renewal::kLeaf);
  EXPECT_EQ(renewal_of(made, kNames, kNow - hours(24 * 365)), Renewal::kAll)
      << "made while the clock was wrong";
}

}  // namespace
}  // namespace faisca::webhook
