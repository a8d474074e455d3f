// Requests to the gateway's own API: read whole (bounded), answered on the worker thread.
#pragma once

#include "gateway/proxy/reply.h"
#include "gateway/proxy/shard.h"
#include "lib/http/body.h"

namespace faisca::gateway {

io::Task<Outcome> answer_platform(Client& client, size_t head_size, http::Framing framing);

}  // namespace faisca::gateway
