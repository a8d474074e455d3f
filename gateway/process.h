// What the processes of both gateways do around a Gateway: limits, signals, listening, waiting for the end.
#pragma once

#include <functional>
#include <memory>

#include "gateway/config.h"
#include "lib/base/result.h"

namespace faisca::gateway {

// Opens the cluster after the port is taken: a second gateway must fail before it touches anything.
using OpenCluster = std::function<Result<std::unique_ptr<cluster::Cluster>>()>;

// Serves until SIGTERM or SIGINT, then drains. Call it on the main thread, before there is another.
Status serve_until_stopped(const GatewayConfig& settings, const OpenCluster& open, size_t api_threads);

// The exit code of a main() whose run ended with `outcome`; prints its error.
int finish(const char* program, const Status& outcome);

}  // namespace faisca::gateway
