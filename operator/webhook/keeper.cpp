#include "operator/webhook/keeper.h"

#include <nlohmann/json.hpp>

#include "lib/base/base64.h"
#include "lib/base/log.h"
#include "lib/kube/api_error.h"
#include "lib/kube/object.h"

namespace faisca::webhook {
namespace {

using kube::Json;

constexpr char kFieldManager[] = "faisca-operator";

// The Secret's keys; tls.* are those of type kubernetes.io/tls.
constexpr char kAuthority[] = "ca.crt";
constexpr char kAuthorityKey[] = "ca.key";
constexpr char kLeaf[] = "tls.crt";
constexpr char kLeafKey[] = "tls.key";

Json data_of(const Certificates& certificates) {
  return {{kAuthority, base64_encode(certificates.authority)},
          {kAuthorityKey, base64_encode(certificates.authority_key)},
          {kLeaf, base64_encode(certificates.leaf)},
          {kLeafKey, base64_encode(certificates.leaf_key)}};
}

// What cannot be read is empty: then it is made anew.
std::string value(const Json& secret, const char* key) {
  const Json& data = kube::at(secret, "/data");
  if (!data.is_object() || !data.contains(key) || !data[key].is_string()) return "";
  return base64_decode(data[key].get<std::string>()).value_or("");
}

Certificates certificates_of(const Json& secret) {
  return {.authority = value(secret, kAuthority),
          .authority_key = value(secret, kAuthorityKey),
          .leaf = value(secret, kLeaf),
          .leaf_key = value(secret, kLeafKey)};
}

Error overtaken() {
  return {Code::kAborted, "another operator has written the certificates meanwhile", "", {}};
}

}  // namespace

Result<Certificates> Keeper::keep_certificates() {
  const auto secret = client_.send(kube::get(kube::kSecrets, settings_.secret));
  if (!secret && kube::is_not_found(secret.error())) return create();
  if (!secret) return fail(secret.error());
  const Certificates present = certificates_of(*secret);
  FAISCA_TRY(next, renewed(present, settings_.names, clock_.wall()));
  if (next == present) return present;
  Json patch = {{"data", data_of(next)}};
  patch["metadata"]["resourceVersion"] = kube::resource_version_of(*secret);
  const auto written = client_.send(kube::merge_patch(kube::kSecrets, settings_.secret, patch));
  if (!written) return fail(kube::is_conflict(written.error()) ? overtaken() : written.error());
  log_info("webhook certificate renewed", {{"secret", settings_.secret.text()}});
  return next;
}

Result<Certificates> Keeper::create() {
  FAISCA_TRY(made, make_certificates(settings_.names, clock_.wall()));
  Json secret = kube::make_object(kube::kSecrets, settings_.secret);
  secret["type"] = "kubernetes.io/tls";
  secret["metadata"]["labels"] = {{"app.kubernetes.io/managed-by", kFieldManager}};
  secret["data"] = data_of(made);
  const auto created = client_.send(kube::create(kube::kSecrets, secret));
  if (!created) return fail(kube::is_already_there(created.error()) ? overtaken() : created.error());
  log_info("webhook certificate made", {{"secret", settings_.secret.text()}});
  return made;
}

Status Keeper::keep_bundle(const Certificates& certificates) {
  if (settings_.configuration.empty()) return {};
  const kube::ObjectKey key{"", settings_.configuration};
  const auto found = client_.send(kube::get(kube::kValidatingWebhooks, key));
  if (!found) return fail(found.error());
  const std::string bundle = base64_encode(certificates.authority);
  Json wanted = kube::make_object(kube::kValidatingWebhooks, key);
  wanted["webhooks"] = Json::array();
  bool differs = false;
  for (const Json& webhook : kube::at(*found, "/webhooks")) {
    differs = differs || kube::text_at(webhook, "/clientConfig/caBundle") != bundle;
    wanted["webhooks"].push_back(
        {{"name", kube::text_at(webhook, "/name")}, {"clientConfig", {{"caBundle", bundle}}}});
  }
  if (!differs) return {};
  const auto applied = client_.send(kube::apply(kube::kValidatingWebhooks, wanted, kFieldManager));
  if (!applied) return fail(applied.error());
  log_info("webhook authority written", {{"configuration", settings_.configuration}});
  return {};
}

}  // namespace faisca::webhook
