// The chunked transfer coding (RFC 9112 §7.1), decoded piece by piece without copying, and encoded.
//
//   for (;;) {
//     Piece piece = decoder.next(input);
//     input.remove_prefix(piece.consumed);
//     if (piece.state == Piece::kData) use(piece.data);       // a view into input
//     else break;                                             // kMore: read on; kDone: input begins the next
//     message
//   }
// Extensions are checked and ignored; trailers are checked and dropped; both are bounded, because they cost
// work without carrying body. Thread: owned by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/http/problem.h"

namespace faisca::http {

// What a body decoder made of its input.
struct Piece {
  enum State { kMore, kData, kDone, kBad };
  State state = kMore;
  size_t consumed = 0;    // bytes of the input that are used up, with the data
  std::string_view data;  // for kData; never empty
  Problem problem;        // for kBad
};

class ChunkedDecoder {
 public:
  struct Limits {
    uint64_t body_bytes = UINT64_MAX;    // decoded; more is 413
    size_t extension_bytes = 16 * 1024;  // of all chunks together; more is 400
    size_t trailer_bytes = 16 * 1024;    // more is 431
  };

  explicit ChunkedDecoder(Limits limits) : limits_(limits) {}
  ChunkedDecoder() : ChunkedDecoder(Limits{}) {}

  // After kDone or kBad it is not called again.
  Piece next(std::string_view input);

  uint64_t decoded() const { return decoded_; }  // bytes of data so far

 private:
  enum class At : uint8_t {
    kSizeStart,
    kSize,
    kSpaceAfterSize,
    kExtension,
    kSizeLf,
    kData,
    kDataCr,
    kDataLf,
    kTrailerStart,
    kTrailer,
    kTrailerLf,
    kEndLf,
  };
  // One byte outside chunk data; false with problem_ set if it may not stand here.
  bool step(char c);
  bool bad(int status, std::string_view reason);

  Limits limits_;
  At at_ = At::kSizeStart;
  uint64_t left_ = 0;  // of the chunk's size: digits read so far, then data still to come
  int digits_ = 0;
  uint64_t decoded_ = 0;
  size_t extension_bytes_ = 0;
  size_t trailer_bytes_ = 0;
  bool trailer_colon_ = false;
  bool done_ = false;
  Problem problem_;
};

inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

// "1f4\r\n" for a chunk of `size` > 0 bytes; CRLF follows its data. Lives in the object.
class ChunkHeader {
 public:
  explicit ChunkHeader(size_t size);
  std::string_view text() const { return {text_ + begin_, sizeof text_ - begin_}; }

 private:
  char text_[18];
  size_t begin_;
};

}  // namespace faisca::http
