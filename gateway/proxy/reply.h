// Sends an answer of the gateway's own to a client.
#pragma once

#include <string>
#include <string_view>

#include "gateway/answer/answer.h"
#include "gateway/proxy/shard.h"

namespace faisca::gateway {

// The response's bytes, dated by the call's start. Pure. `keep_alive` false adds Connection: close.
std::string answer_text(const Answer& answer, const Call& call, bool keep_alive);

struct Outcome {
  int status = 0;            // what the client got, or would have got; 499 when it left
  bool keep_client = false;  // the connection can carry another request
};

// The head of a 200 whose body follows in pieces: chunked, or until close for HTTP/1.0.
std::string stream_head_text(std::string_view content_type, const Call& call, bool keep_alive);

// `reusable` says that the request was read to its end.
io::Task<Outcome> reply(Client& client, const Answer& answer, bool reusable);

}  // namespace faisca::gateway
