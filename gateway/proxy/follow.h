// Answers a request for logs that go on: lines go out as they come, until the client leaves.
#pragma once

#include "gateway/proxy/reply.h"
#include "gateway/proxy/shard.h"

namespace faisca::gateway {

// The request was read to its end.
io::Task<Outcome> answer_following(Client& client, cluster::LogQuery query);

}  // namespace faisca::gateway
