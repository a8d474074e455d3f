// A listening TCP socket on 127.0.0.1, made here and handed to a child: connections wait in its queue while
// the child starts, so that no one has to poll. Thread: any.
#pragma once

#include <cstdint>

#include "lib/base/result.h"
#include "lib/base/unique_fd.h"

namespace faisca::cluster {

struct Listener {
  UniqueFd fd;
  uint16_t port = 0;  // chosen by the kernel
};

Result<Listener> listen_on_loopback();

}  // namespace faisca::cluster
