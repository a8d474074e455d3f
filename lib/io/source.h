// A descriptor in a reactor: what it is ready for, and who waits for that.
//
// The protocol is edge-triggered: read or write until the call would block (or gives less than asked), say so
// with drained() or clogged(), then wait. Ownership: owns the descriptor. A coroutine that waits here must
// not outlive it. Thread: its reactor's.
#pragma once

#include <cstdint>

#include "lib/base/unique_fd.h"
#include "lib/io/reactor.h"

namespace faisca::io {

class Source {
 public:
  enum class Starts : uint8_t { kWritable, kClogged };  // kClogged: a socket that is still connecting

  Source(Reactor& reactor, UniqueFd fd, Starts starts);
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  int fd() const { return fd_.get(); }
  Reactor& reactor() const { return reactor_; }

  bool readable() const { return readable_; }
  bool writable() const { return writable_; }
  // The peer will send no more, or the connection broke. What it sent before can still be read.
  bool hung_up() const { return hung_up_; }

  // After a read that would block or came short. A hang-up keeps it readable, so that the end is read too.
  void drained() { readable_ = hung_up_; }
  void clogged() { writable_ = false; }

  Waitable& reading() { return reading_; }
  Waitable& writing() { return writing_; }

  // While set, a hang-up of this source interrupts whoever waits in `target`, for example a proxy that waits
  // for an instance while its client leaves. Null ends it.
  void interrupt_on_hang_up(Waitable* target) { hang_up_target_ = target; }

 private:
  friend class Reactor;
  void on_events(uint32_t events);

  Reactor& reactor_;
  UniqueFd fd_;
  bool readable_ = false;
  bool writable_;
  bool hung_up_ = false;
  Waitable reading_;
  Waitable writing_;
  Waitable* hang_up_target_ = nullptr;
};

}  // namespace faisca::io
