#include "lib/http/chunked.h"

#include <algorithm>

#include "lib/http/characters.h"

namespace faisca::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_value_byte(char c) { return (kCharacters[static_cast<uint8_t>(c)] & kValueByte) != 0; }
bool is_token_byte(char c) { return (kCharacters[static_cast<uint8_t>(c)] & kTokenByte) != 0; }

}  // namespace

bool ChunkedDecoder::bad(int status, std::string_view reason) {
  problem_ = {status, reason};
  return false;
}

bool ChunkedDecoder::step(char c) {
  switch (at_) {
    case At::kSizeStart:
    case At::kSize: {
      if (const int digit = hex_value(c); digit >= 0) {
        // 15 digits keep every sum below 2^63; no honest chunk is near it.
        if (++digits_ > 15) return bad(400, "a chunk size has too many digits");
        left_ = left_ * 16 + static_cast<uint64_t>(digit);
        at_ = At::kSize;
        return true;
      }
      if (at_ == At::kSizeStart) return bad(400, "a chunk size does not start with a hexadecimal digit");
      if (left_ > limits_.body_bytes - decoded_) return bad(413, "the chunked body is larger than the limit");
      if (c == '\r')
        at_ = At::kSizeLf;
      else if (c == ';')
        at_ = At::kExtension;
      else if (c == ' ' || c == '\t')
        at_ = At::kSpaceAfterSize;
      else
        return bad(400, "a chunk size has a character that is not a hexadecimal digit");
      return true;
    }
    case At::kSpaceAfterSize:
      if (++extension_bytes_ > limits_.extension_bytes) return bad(400, "the chunk extensions are too large");
      if (c == ';')
        at_ = At::kExtension;
      else if (c != ' ' && c != '\t')
        return bad(400, "space after a chunk size");
      return true;
    case At::kExtension:
      if (++extension_bytes_ > limits_.extension_bytes) return bad(400, "the chunk extensions are too large");
      if (c == '\r')
        at_ = At::kSizeLf;
      else if (!is_value_byte(c))
        return bad(400, "a chunk extension has a control character");
      return true;
    case At::kSizeLf:
      if (c != '\n') return bad(400, "a chunk size line ends in CR without LF");
      at_ = left_ == 0 ? At::kTrailerStart : At::kData;
      digits_ = 0;
      return true;
    case At::kData:
      return true;  // not reached: data is taken in one piece by next()
    case At::kDataCr:
      if (c != '\r') return bad(400, "chunk data is longer than its size");
      at_ = At::kDataLf;
      return true;
    case At::kDataLf:
      if (c != '\n') return bad(400, "chunk data does not end in CRLF");
      at_ = At::kSizeStart;
      return true;
    case At::kTrailerStart:
      trailer_colon_ = false;
      if (c == '\r') {
        at_ = At::kEndLf;
        return true;
      }
      if (!is_token_byte(c)) return bad(400, "a trailer does not start with a name");
      at_ = At::kTrailer;
      ++trailer_bytes_;
      return true;
    case At::kTrailer:
      if (++trailer_bytes_ > limits_.trailer_bytes) return bad(431, "the trailers are too large");
      if (c == '\r') {
        if (!trailer_colon_) return bad(400, "a trailer line has no colon");
        at_ = At::kTrailerLf;
      } else if (!trailer_colon_) {
        if (c == ':')
          trailer_colon_ = true;
        else if (!is_token_byte(c))
          return bad(400, "a trailer name has a character that is not allowed");
      } else if (!is_value_byte(c)) {
        return bad(400, "a trailer has a control character");
      }
      return true;
    case At::kTrailerLf:
      if (c != '\n') return bad(400, "a trailer line ends in CR without LF");
      at_ = At::kTrailerStart;
      return true;
    case At::kEndLf:
      if (c != '\n') return bad(400, "the chunked body ends in CR without LF");
      done_ = true;
      return true;
  }
  return false;
}

Piece ChunkedDecoder::next(std::string_view input) {
  size_t used = 0;
  while (used < input.size()) {
    if (at_ == At::kData) {
      const auto size = static_cast<size_t>(std::min<uint64_t>(left_, input.size() - used));
      left_ -= size;
      decoded_ += size;
      if (left_ == 0) at_ = At::kDataCr;
      return {Piece::kData, used + size, input.substr(used, size), {}};
    }
    if (!step(input[used])) return {Piece::kBad, used, {}, problem_};
    ++used;
    if (done_) return {Piece::kDone, used, {}, {}};
  }
  return {Piece::kMore, used, {}, {}};
}

ChunkHeader::ChunkHeader(size_t size) : begin_(sizeof text_) {
  text_[--begin_] = '\n';
  text_[--begin_] = '\r';
  do {
    text_[--begin_] = "0123456789abcdef"[size & 15];
    size >>= 4;
  } while (size != 0);
}

}  // namespace faisca::http
