#include "operator/webhook/openssl.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>

namespace faisca::webhook {
namespace {

BioPtr bio_of(std::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

}  // namespace

Error openssl_error(std::string_view while_what) {
  std::array<char, 256> text{};
  const unsigned long code = ERR_get_error();
  if (code) ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  return {Code::kInternal,
          std::string(while_what) + ": " + (code ? text.data() : "OpenSSL does not say why"),
          "",
          {}};
}

Result<CertificatePtr> read_certificate(std::string_view pem) {
  const BioPtr bio = bio_of(pem);
  CertificatePtr certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (certificate) return certificate;
  Error error = openssl_error("reading a certificate");
  error.code = Code::kInvalidArgument;
  return fail(std::move(error));
}

Result<KeyPtr> read_key(std::string_view pem) {
  const BioPtr bio = bio_of(pem);
  // The callback keeps OpenSSL from asking the terminal for a password.
  const auto no_password = [](char*, int, int, void*) { return 0; };
  KeyPtr key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr);
  if (key) return key;
  Error error = openssl_error("reading a private key");
  error.code = Code::kInvalidArgument;
  return fail(std::move(error));
}

}  // namespace faisca::webhook
