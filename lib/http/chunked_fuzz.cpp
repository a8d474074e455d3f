// A chunked body from arbitrary bytes: the same answer however the bytes are cut, and an encoding of what was
// decoded decodes to the same. The first byte chooses the size of the pieces.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "lib/http/chunked.h"

namespace {

using namespace faisca::http;

struct Decoded {
  Piece::State state = Piece::kMore;
  size_t used = 0;
  std::string body;
};

Decoded decode(std::string_view input, size_t step) {
  ChunkedDecoder decoder({.body_bytes = 1 << 20, .extension_bytes = 1000, .trailer_bytes = 1000});
  Decoded out;
  while (out.used < input.size()) {
    const Piece piece = decoder.next(input.substr(out.used, step));
    out.state = piece.state;
    out.used += piece.consumed;
    out.body += piece.data;
    if (piece.state == Piece::kDone || piece.state == Piece::kBad) break;
    if (piece.consumed == 0) std::abort();
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Decoded whole = decode(input, input.size() + 1);
  const Decoded pieces = decode(input, size_t{1} + data[0] % 16);
  const auto ended = [](const Decoded& d) { return d.state == Piece::kDone || d.state == Piece::kBad; };
  if (ended(whole) != ended(pieces) || whole.body != pieces.body || whole.used != pieces.used) std::abort();
  if (whole.state != Piece::kDone) return 0;
  std::string encoded;
  if (!whole.body.empty()) {
    encoded = std::string(ChunkHeader(whole.body.size()).text()) + whole.body + "\r\n";
  }
  encoded += kLastChunk;
  const Decoded again = decode(encoded, 7);
  if (again.state != Piece::kDone || again.body != whole.body) std::abort();
  return 0;
}
