// One GET /_/ready to an instance, without blocking: the supervisor calls `advance` whenever epoll says so.
// Asked until the instance is ready, then now and then, to see that it still answers at all.
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
  // Whether an HTTP response came, whatever its status: the instance lives.
  bool answered() const { return answered_; }
  State advance();

 private:
  State connect_done();
  State read();

  UniqueFd fd_;
  State state_ = State::kConnecting;
  std::string answer_;
  bool answered_ = false;
};

}  // namespace faisca::cluster
