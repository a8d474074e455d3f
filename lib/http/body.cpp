#include "lib/http/body.h"

#include <algorithm>

namespace faisca::http {
namespace {

// What the two headers that frame a message say, before the rules that differ between requests and responses.
Framing declared_framing(const Head& head) {
  Framing framing;
  bool length_seen = false;
  bool encoding_seen = false;
  bool chunked = false;
  for (const Header& header : head.headers) {
    if (header.field == Field::kContentLength) {
      if (length_seen) return {.problem = {400, "more than one Content-Length header"}};
      length_seen = true;
      if (!parse_content_length(header.value, framing.length)) {
        return {.problem = {400, "Content-Length is not a decimal number"}};
      }
    } else if (header.field == Field::kTransferEncoding) {
      encoding_seen = true;
      Problem problem;
      for_each_member(header.value, [&](std::string_view coding) {
        if (chunked) problem = {400, "chunked is not the only and last transfer coding"};
        if (equal_ignoring_case(coding, "chunked"))
          chunked = true;
        else if (!problem)
          problem = {501, "the only transfer coding understood is chunked"};
      });
      if (problem) return {.problem = problem};
      if (!chunked) return {.problem = {400, "Transfer-Encoding names no coding"}};
    }
  }
  if (encoding_seen) {
    if (length_seen) return {.problem = {400, "both Content-Length and Transfer-Encoding"}};
    if (head.minor_version == 0) return {.problem = {400, "Transfer-Encoding in an HTTP/1.0 message"}};
    framing.kind = BodyKind::kChunked;
  } else if (length_seen) {
    framing.kind = framing.length == 0 ? BodyKind::kNone : BodyKind::kLength;
  } else {
    framing.kind = BodyKind::kUntilClose;
  }
  return framing;
}

}  // namespace

bool parse_content_length(std::string_view text, uint64_t& length) {
  if (text.empty() || text.size() > 18) return false;
  uint64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  length = value;
  return true;
}

Framing request_framing(const RequestHead& head) {
  Framing framing = declared_framing(head);
  if (framing.kind == BodyKind::kUntilClose) framing.kind = BodyKind::kNone;
  return framing;
}

Framing response_framing(const ResponseHead& head, Answers answers) {
  const int status = head.status;
  if (answers == Answers::kHead || (status >= 100 && status < 200) || status == 204 || status == 304)
    return {};
  return declared_framing(head);
}

BodyDecoder::BodyDecoder(Framing framing, uint64_t limit)
    : kind_(framing.kind),
      done_(framing.kind == BodyKind::kNone),
      left_(framing.kind == BodyKind::kLength ? framing.length : limit),
      chunked_(ChunkedDecoder::Limits{.body_bytes = limit}) {}

Piece BodyDecoder::next(std::string_view input) {
  if (done_) return {Piece::kDone, 0, {}, {}};
  if (kind_ == BodyKind::kChunked) {
    Piece piece = chunked_.next(input);
    done_ = piece.state == Piece::kDone;
    return piece;
  }
  if (input.empty()) return {};
  if (left_ == 0) return {Piece::kBad, 0, {}, {413, "the body is larger than the limit"}};
  const auto size = static_cast<size_t>(std::min<uint64_t>(left_, input.size()));
  left_ -= size;
  done_ = left_ == 0 && kind_ == BodyKind::kLength;
  return {Piece::kData, size, input.substr(0, size), {}};
}

}  // namespace faisca::http
