// How long a message's body is (RFC 9112 §6.3), and a decoder for any of the ways to say it.
//
// Everything ambiguous is refused, because a proxy and an instance that disagree about where a message ends
// can be made to smuggle requests (§11.2): Content-Length with Transfer-Encoding, more than one
// Content-Length (even if equal), signs, lists, codings other than "chunked", Transfer-Encoding in HTTP/1.0.
// Thread: owned by one thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "lib/http/chunked.h"
#include "lib/http/head.h"
#include "lib/http/problem.h"

namespace faisca::http {

enum class BodyKind : uint8_t { kNone, kLength, kChunked, kUntilClose };

struct Framing {
  BodyKind kind = BodyKind::kNone;
  uint64_t length = 0;  // for kLength; more than 0
  Problem problem;      // if set, the rest means nothing

  bool has_body() const { return kind != BodyKind::kNone; }
};

Framing request_framing(const RequestHead& head);

// A response to HEAD has no body, whatever its head says.
enum class Answers : uint8_t { kOtherMethod, kHead };
Framing response_framing(const ResponseHead& head, Answers answers);

// Decimal digits only, below 2^63 (RFC 9110 §8.6). False if `text` is anything else.
bool parse_content_length(std::string_view text, uint64_t& length);

// Decodes a body of any kind; same protocol as ChunkedDecoder::next. With kUntilClose the reader of the
// socket says when it ends.
class BodyDecoder {
 public:
  BodyDecoder() = default;
  // Content-Length over the limit is for the caller to refuse at once; the limit here is for chunked and
  // until-close.
  BodyDecoder(Framing framing, uint64_t limit = UINT64_MAX);

  // kDone is also the answer when there is nothing to decode, with any input.
  Piece next(std::string_view input);
  bool done() const { return done_; }  // true as soon as the last byte of a Content-Length body was given out

 private:
  BodyKind kind_ = BodyKind::kNone;
  bool done_ = true;
  uint64_t left_ = 0;  // of kLength; of the limit for kUntilClose
  ChunkedDecoder chunked_;
};

}  // namespace faisca::http
