// Certificates of a Config put into an OpenSSL context, and their check before any connection is made.
// Internal to lib/kube. Thread: any.
#pragma once

#include "lib/base/result.h"
#include "lib/kube/config.h"

namespace boost::asio::ssl {
class context;
}

namespace faisca::kube {

// kInvalidArgument: not a certificate, or key and certificate do not belong together; read errors name the
// file.
Status set_up_tls(boost::asio::ssl::context& context, const Config& config);
Status check_tls(const Config& config);

}  // namespace faisca::kube
