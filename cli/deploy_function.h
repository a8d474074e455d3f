// Sends a Function to the gateway and waits until it can be called. Shared by `deploy` and `up`.
#pragma once

#include <chrono>

#include "api/types/function/function.h"
#include "cli/context.h"
#include "cli/gateway_client.h"

namespace faisca::cli {

enum class Wait { kNo, kUntilReady };

// kDeadlineExceeded when no instance is ready in time; it stays deployed.
Result<GatewayClient::Applied> deploy_function(const Context& context, const api::Function& function,
                                               Wait wait, std::chrono::milliseconds timeout);

}  // namespace faisca::cli
