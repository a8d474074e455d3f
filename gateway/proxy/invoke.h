// A function request's way, step by step: route table → limits → admit → instance → exchange → record →
// release.
#pragma once

#include <string_view>

#include "gateway/proxy/reply.h"
#include "gateway/proxy/shard.h"
#include "lib/http/body.h"

namespace faisca::gateway {

// `client.head` holds the request, whose bytes (`head_size` of them) still lead the client's input.
// `function` and `rest` are as parse_route gives them. Answers the client in every case, unless it left.
io::Task<Outcome> invoke(Client& client, size_t head_size, std::string_view function, std::string_view rest,
                         http::Framing framing);

}  // namespace faisca::gateway
