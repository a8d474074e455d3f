#include "lib/io/source.h"

#include <sys/epoll.h>

namespace faisca::io {

Source::Source(Reactor& reactor, UniqueFd fd, Starts starts)
    : reactor_(reactor),
      fd_(std::move(fd)),
      writable_(starts == Starts::kWritable),
      reading_(reactor),
      writing_(reactor) {
  reactor_.add(*this);
}

Source::~Source() { reactor_.forget(*this); }

void Source::on_events(uint32_t events) {
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
    hung_up_ = true;
    readable_ = true;
    reading_.wake(Wake::kReady);
    if (hang_up_target_ != nullptr) hang_up_target_->wake(Wake::kInterrupted);
  }
  if ((events & EPOLLIN) != 0) {
    readable_ = true;
    reading_.wake(Wake::kReady);
  }
  if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0 && !writable_) {
    writable_ = true;
    writing_.wake(Wake::kReady);
  }
}

}  // namespace faisca::io
