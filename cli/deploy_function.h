// Sends a Function to the gateway and waits until it can be called. Shared by `deploy` and `up`.
#pragma once

#include <chrono>
#include <string>

#include "api/types/function/function.h"
#include "cli/context.h"
#include "cli/gateway_client.h"

namespace faisca::cli {

// Sends it; whether instances start is another question.
Result<GatewayClient::Applied> send_function(const Context& context, const api::Function& function);

// kDeadlineExceeded when no instance is ready in time; it stays deployed.
Status wait_until_ready(const Context& context, const std::string& name, std::chrono::milliseconds timeout);

}  // namespace faisca::cli
