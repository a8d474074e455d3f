// Sends an answer of the gateway's own to a client.
#pragma once

#include "gateway/answer/answer.h"
#include "gateway/proxy/shard.h"

namespace faisca::gateway {

// The response's bytes, dated by the call's start. Pure. `keep_alive` false adds Connection: close.
std::string answer_text(const Answer& answer, const Call& call, bool keep_alive);

struct Outcome {
  int status = 0;            // what the client got, or would have got; 499 when it left
  bool keep_client = false;  // the connection can carry another request
};

// `reusable` says that the request was read to its end.
io::Task<Outcome> reply(Client& client, const Answer& answer, bool reusable);

}  // namespace faisca::gateway
