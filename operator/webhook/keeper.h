// Keeps the webhook's certificates in a Secret, and their authority in the ValidatingWebhookConfiguration.
//
// Several operators may do so at once: whoever creates or changes the Secret first wins (a create that finds
// one, a patch with an old resourceVersion: both lose), and the others take what they find there. Writes only
// what differs. Thread: step() by one.
#pragma once

#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/kube/client.h"
#include "operator/webhook/certificate.h"

namespace faisca::webhook {

struct KeeperSettings {
  kube::ObjectKey secret;          // namespace/faisca-webhook-tls
  std::string configuration;       // name of the ValidatingWebhookConfiguration; empty: none is patched
  std::vector<std::string> names;  // for the certificate: faisca-webhook.NAMESPACE.svc first
};

class Keeper {
 public:
  // `client` and `clock` outlive it.
  Keeper(kube::Client& client, const Clock& clock, KeeperSettings settings)
      : client_(client), clock_(clock), settings_(std::move(settings)) {}

  // Makes or renews the certificates if that is due; what the server is to use. kAborted: another operator
  // was faster, look again. Everything else as kube::Client says.
  Result<Certificates> keep_certificates();
  // Puts the authority into every webhook of the configuration. kNotFound: there is none (yet).
  Status keep_bundle(const Certificates& certificates);

 private:
  Result<Certificates> create();

  kube::Client& client_;
  const Clock& clock_;
  const KeeperSettings settings_;
};

}  // namespace faisca::webhook
