// Is a TCP port free? Asked before the gateway starts, so that the answer is one clear sentence.
#pragma once

#include <cstdint>
#include <string>

#include "lib/base/result.h"

namespace faisca::cli {

// `port`, or for 0 one that is free now. kFailedPrecondition when something listens there;
// kInvalidArgument when `address` is no IPv4 address of this machine.
Result<uint16_t> free_port(const std::string& address, uint16_t port);

}  // namespace faisca::cli
