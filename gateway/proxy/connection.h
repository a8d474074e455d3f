// A client connection from accept to close: reads request after request, in order, and hands each on.
#pragma once

#include <string>

#include "gateway/proxy/shard.h"

namespace faisca::gateway {

// Spawned once per accepted socket; ends when the connection does.
io::Task<> serve(Shard& shard, UniqueFd socket, std::string address);

// Accepts on `listener` until the shard drains or stops, spawning `serve` for each.
io::Task<> accept_clients(Shard& shard, UniqueFd listener);

}  // namespace faisca::gateway
