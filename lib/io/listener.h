// Listening TCP sockets: bound with a clear error when the port is taken, then one socket per reactor
// (SO_REUSEPORT).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/unique_fd.h"

namespace faisca::io {

struct Listening {
  std::vector<UniqueFd> sockets;  // as many as asked for, non-blocking, on one address and port
  uint16_t port = 0;              // the one bound, also when 0 was asked for
};

// IPv4 `address` text. SO_REUSEPORT alone would let two gateways share a port in silence, so the first socket
// binds without it; kAlreadyExists names the port when another process has it.
Result<Listening> listen_on(const std::string& address, uint16_t port, size_t sockets);

}  // namespace faisca::io
