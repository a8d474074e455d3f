#include <nlohmann/json.hpp>

#include "lib/kube/credentials.h"
#include "lib/kube/object.h"
#include "lib/kube/time_text.h"

namespace faisca::kube {

Result<ExecCredential> parse_exec_credential(std::string_view json) {
  const Json root = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (text_at(root, "/kind") != "ExecCredential")
    return fail(Code::kUnauthenticated, "it printed no ExecCredential: " + std::string(json.substr(0, 80)));
  ExecCredential out{.token = text_at(root, "/status/token"),
                     .certificate = text_at(root, "/status/clientCertificateData"),
                     .key = text_at(root, "/status/clientKeyData")};
  if (out.certificate.empty() != out.key.empty())
    return fail(Code::kUnauthenticated,
                "its ExecCredential has a certificate without a key, or the other way round");
  if (out.token.empty() && out.certificate.empty())
    return fail(Code::kUnauthenticated, "its ExecCredential has neither token nor certificate");
  if (const std::string expiry = text_at(root, "/status/expirationTimestamp"); !expiry.empty()) {
    FAISCA_TRY(time, parse_time(expiry));
    out.expires = time;
  }
  return out;
}

Result<ExecCredential> run_exec_plugin(const ExecPlugin& plugin) {
  return fail(Code::kUnimplemented, "exec plugins are not supported: " + plugin.command,
              "use a token or a client certificate");
}

}  // namespace faisca::kube
