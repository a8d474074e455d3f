// A connected TCP socket with its input buffer, as coroutines use it.
//
// Ownership: owns the socket; a task that waits on it must not outlive it. Thread: its reactor's.
// Errors: Io, a small value; `text` says it for people.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/io/buffer.h"
#include "lib/io/source.h"
#include "lib/io/task.h"

namespace faisca::io {

struct Io {
  enum State : uint8_t { kOk, kEnd, kDeadline, kInterrupted, kStopped, kFailed };
  State state = kOk;
  int error = 0;  // errno for kFailed

  bool ok() const { return state == kOk; }
  std::string text() const;  // "connection reset by peer", "closed by the peer", "deadline passed", …
};

// Up to four pieces written as one.
using Pieces = std::array<std::string_view, 4>;

class Stream {
 public:
  Stream(Reactor& reactor, UniqueFd socket, Source::Starts starts = Source::Starts::kWritable)
      : source_(reactor, std::move(socket), starts) {}

  Buffer& input() { return input_; }
  Source& source() { return source_; }

  // Reads once into input(), waiting if there is nothing; kEnd when the peer sends no more. input() must not
  // be full.
  Task<Io> fill(SteadyTime deadline);
  // The same without waiting: kInterrupted if there is nothing to read.
  Io try_fill();

  // Writes all of `pieces`, whose bytes must stay until it ends. `sent` counts bytes that the kernel took.
  Task<Io> write(Pieces pieces, SteadyTime deadline);
  uint64_t sent() const { return sent_; }

  // Sends the end of our side; the other may go on.
  void shut_down();
  // Makes closing tell the peer that something broke (RST), where a plain end could be taken for a proper
  // one.
  void abort();

 private:
  Io try_write(Pieces& pieces);  // kInterrupted if it would block

  Source source_;
  Buffer input_;
  uint64_t sent_ = 0;
};

// Connects to an IPv4 address. Null with `io` set on failure.
struct Connected {
  std::unique_ptr<Stream> stream;
  Io io;
};
Task<Connected> connect(Reactor& reactor, std::string address, uint16_t port, SteadyTime deadline);

}  // namespace faisca::io
