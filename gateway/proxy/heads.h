// The two heads the proxy writes: to the instance and back to the client. Pure.
//
// Nothing of a message's framing is copied: hop-by-hop headers, Content-Length and Transfer-Encoding are
// dropped and written anew from what the parser understood, so both sides read the same message (RFC 9112
// §11.2).
#pragma once

#include <string>
#include <string_view>

#include "gateway/proxy/call.h"
#include "lib/http/body.h"
#include "lib/http/head.h"

namespace faisca::gateway {

// Appends the head for the instance: `rest` with the query as target, X-Call-Id, X-Start-Time,
// X-Forwarded-For and -Host if absent, and the body's framing. Expect is answered by the gateway and not
// passed on.
void write_instance_head(std::string& out, const http::RequestHead& head, std::string_view rest,
                         const Call& call, const http::Framing& framing, std::string_view client_address);

// The value of X-Served-By: "faisca/VERSION".
extern const std::string kServedBy;

// How a body is sent to the client.
enum class ClientBody : uint8_t { kNone, kLength, kChunked, kUntilClose };
ClientBody client_body(const http::Framing& framing, const Call& call);

enum class After : uint8_t { kKeepAlive, kClose };
// Appends the head for the client. Content-Type is the response's, else the request's, else text/plain
// (OpenFaaS).
void write_client_head(std::string& out, const http::ResponseHead& head, const Call& call,
                       const http::Framing& framing, After after);

}  // namespace faisca::gateway
