// The server's certificate as OpenSSL wants it, which can be exchanged while connections are open: each
// handshake takes the present one. Thread: any.
#pragma once

#include <memory>
#include <mutex>

#include "lib/base/result.h"
#include "operator/webhook/certificate.h"

typedef struct ssl_ctx_st SSL_CTX;

namespace faisca::webhook {

class TlsSlot {
 public:
  // TLS 1.2 and later. kInvalidArgument: key and leaf do not belong together; the present one stays then.
  Status set(const Certificates& certificates);
  std::shared_ptr<SSL_CTX> get() const;  // null before the first set

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<SSL_CTX> context_;  // guarded by mutex_
};

}  // namespace faisca::webhook
