// One GET /_/ready to an instance, without blocking: the supervisor calls `advance` whenever epoll says so.
// Thread: owned by the supervisor's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "lib/base/result.h"
#include "lib/base/unique_fd.h"

namespace faisca::cluster {

class Probe {
 public:
  enum class State {
    kConnecting,  // wait for EPOLLOUT
    kReading,     // wait for EPOLLIN
    kReady,       // answered 200
    kNotReady,    // answered something else, or broke off: try again later
  };

  // Starts to connect to 127.0.0.1:port.
  explicit Probe(uint16_t port);

  int fd() const { return fd_.get(); }
  State state() const { return state_; }
  State advance();

 private:
  State connect_done();
  State read();

  UniqueFd fd_;
  State state_ = State::kConnecting;
  std::string answer_;
};

}  // namespace faisca::cluster
