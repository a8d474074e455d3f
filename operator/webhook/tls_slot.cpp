#include "operator/webhook/tls_slot.h"

#include "operator/webhook/openssl.h"

namespace faisca::webhook {

Status TlsSlot::set(const Certificates& certificates) {
  FAISCA_TRY(leaf, read_certificate(certificates.leaf));
  FAISCA_TRY(key, read_key(certificates.leaf_key));
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context || !SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION))
    return fail(openssl_error("setting up TLS"));
  if (SSL_CTX_use_certificate(context.get(), leaf.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    Error error = openssl_error("using the certificate");
    error.code = Code::kInvalidArgument;
    return fail(std::move(error));
  }
  // A client that leaves without close_notify is an ordinary end between requests.
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  std::lock_guard lock(mutex_);
  context_ = std::move(context);
  return {};
}

std::shared_ptr<SSL_CTX> TlsSlot::get() const {
  std::lock_guard lock(mutex_);
  return context_;
}

}  // namespace faisca::webhook
