// A message body as it arrives on a stream, piece by piece, for a proxy that sends each piece on before it
// takes the next: back-pressure needs nothing more.
//
// Ownership: borrows the stream, whose input must begin with the body. Thread: the stream's.
#pragma once

#include <optional>
#include <string_view>

#include "lib/http/body.h"
#include "lib/io/stream.h"

namespace faisca::gateway {

class BodySource {
 public:
  // The limit is for bodies that do not tell their length.
  BodySource(io::Stream& stream, http::Framing framing, uint64_t limit = UINT64_MAX)
      : stream_(stream), framing_(framing), decoder_(framing, limit) {}

  struct Part {
    http::Piece::State state = http::Piece::kMore;
    std::string_view data;  // for kData: valid until advance()
    bool last = false;      // for kData: the body ends with it
    http::Problem problem;  // for kBad
  };
  // What has arrived; the same kData again until advance().
  Part buffered();
  // Gives back the bytes of the current Part: it was sent.
  void advance();

  // Waits for more bytes. kEnd ends a body until close, and is a fault in any other.
  io::Task<io::Io> more(SteadyTime deadline) { return stream_.fill(deadline); }

  const http::Framing& framing() const { return framing_; }
  bool done() const { return decoder_.done() && !ahead_ && !current_; }
  // Drops what has arrived; true if the body was all there.
  bool discard_buffered();

 private:
  io::Stream& stream_;
  http::Framing framing_;
  http::BodyDecoder decoder_;
  std::optional<Part> current_;       // given out and not yet advanced over
  size_t used_ = 0;                   // bytes of the input that it stands for
  std::optional<http::Piece> ahead_;  // seen while looking whether a piece was the last
};

}  // namespace faisca::gateway
