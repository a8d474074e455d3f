// OpenSSL's objects with owners, and its errors as ours. Internal to operator/webhook.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace faisca::webhook {

template <auto kFree>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using BioPtr = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, OpensslFree<X509_free>>;
using SslPtr = std::unique_ptr<SSL, OpensslFree<SSL_free>>;

// kInternal with the first of OpenSSL's queued errors, which are cleared.
Error openssl_error(std::string_view while_what);

// kInvalidArgument if there is none in the text.
Result<CertificatePtr> read_certificate(std::string_view pem);
Result<KeyPtr> read_key(std::string_view pem);

}  // namespace faisca::webhook
