#include "gateway/proxy/body_source.h"

namespace faisca::gateway {

using http::Piece;

BodySource::Part BodySource::buffered() {
  if (current_) return *current_;
  Piece piece;
  if (ahead_) {
    piece = *std::exchange(ahead_, std::nullopt);
  } else {
    piece = decoder_.next(stream_.input().bytes());
  }
  used_ += piece.consumed;
  if (piece.state != Piece::kData) {
    if (piece.state != Piece::kBad) advance();
    const Part part{piece.state, {}, false, piece.problem};
    if (piece.state == Piece::kBad) current_ = part;
    return part;
  }
  Part part{Piece::kData, piece.data, decoder_.done(), {}};
  if (framing_.kind == http::BodyKind::kChunked) {
    // The end of a small body mostly comes with its data: knowing it saves a write of its own.
    Piece next = decoder_.next(stream_.input().bytes().substr(used_));
    if (next.state == Piece::kMore || next.state == Piece::kDone) {
      used_ += next.consumed;
      part.last = next.state == Piece::kDone;
    } else {
      ahead_ = next;
    }
  }
  current_ = part;
  return part;
}

void BodySource::advance() {
  stream_.input().consume(used_);
  used_ = 0;
  current_.reset();
}

bool BodySource::discard_buffered() {
  while (!done()) {
    const Part part = buffered();
    if (part.state == Piece::kMore || part.state == Piece::kBad) return false;
    advance();
  }
  return true;
}

}  // namespace faisca::gateway
