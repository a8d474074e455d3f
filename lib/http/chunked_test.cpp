#include "lib/http/chunked.h"

#include <gtest/gtest.h>

#include <string>

namespace faisca::http {
namespace {

struct Decoded {
  Piece::State state;
  std::string body, rest, reason;
  int status;
};

// Feeds `input` in pieces of `step` bytes.
Decoded decode(std::string_view input, size_t step, ChunkedDecoder::Limits limits = {}) {
  ChunkedDecoder decoder(limits);
  Decoded result{Piece::kMore, "", "", "", 0};
  while (!input.empty()) {
    std::string_view piece_of_input = input.substr(0, step);
    const Piece piece = decoder.next(piece_of_input);
    input.remove_prefix(piece.consumed);
    result.state = piece.state;
    if (piece.state == Piece::kData) result.body += piece.data;
    if (piece.state == Piece::kBad) {
      result.reason = piece.problem.reason;
      result.status = piece.problem.status;
      return result;
    }
    if (piece.state == Piece::kDone) break;
  }
  result.rest = input;
  return result;
}

TEST(Chunked, DecodesHoweverTheBytesAreCut) {
  const std::string input =
      "5\r\nhello\r\n00006;a=b;c=\"d e\"\r\n world\r\nA \t;x\r\n0123456789\r\n0;last\r\nX-T: "
      "1\r\nY:\r\n\r\nGET";
  for (size_t step = 1; step <= input.size(); ++step) {
    const Decoded decoded = decode(input, step);
    EXPECT_EQ(decoded.state, Piece::kDone) << step << decoded.reason;
    EXPECT_EQ(decoded.body, "hello world0123456789") << step;
    EXPECT_EQ(decoded.rest, "GET") << step;
  }
}

TEST(Chunked, RefusesWhatTwoParsersCouldReadDifferently) {
  const std::string cases[] = {
      "\r\n5\r\nhello\r\n0\r\n\r\n",
      " 5\r\nhello\r\n0\r\n\r\n",
      "5 \r\nhello\r\n0\r\n\r\n",
      "+5\r\nhello\r\n",
      "-5\r\nhello\r\n",
      "0x5\r\nhello\r\n",
      "5h\r\nhello\r\n",
      "5\nhello\r\n",
      "5\rhello\r\n",
      "5\r\rhello\r\n",
      "5\r\nhellox\r\n",
      "5\r\nhello\n0\r\n",
      "5\r\nhello\rx",
      "5\r\nhello0\r\n\r\n",
      "ffffffffffffffff\r\n",
      "10000000000000005\r\n",
      "00000000000000000005\r\nhello\r\n",
      "5;a\nb\r\nhello\r\n",
      std::string("5;\0\r\nhello\r\n", 13),
      "5 5\r\nhello\r\n",
      "G\r\n",
      ";\r\n",
      "0\r\n\n",
      "0\r\nA\r\n\r\n",
      "0\r\nA : b\r\n\r\n",
      "0\r\n A: b\r\n\r\n",
      "0\r\nA: b\n\r\n",
      "0\r\nA: b\x01\r\n\r\n",
      "0\r\n\rx",
      "0\n\n",
      "0\r\nA: b\rC",
  };
  for (const std::string& input : cases) {
    for (size_t step : {size_t{1}, input.size()}) {
      const Decoded decoded = decode(input, step);
      EXPECT_EQ(decoded.state, Piece::kBad) << input;
      EXPECT_EQ(decoded.status, 400) << input;
    }
  }
}

TEST(Chunked, KeepsItsLimits) {
  EXPECT_EQ(decode("5\r\nhello\r\n0\r\n\r\n", 99, {.body_bytes = 5}).state, Piece::kDone);
  EXPECT_EQ(decode("5\r\nhello\r\n1\r\nx\r\n", 99, {.body_bytes = 5}).status, 413);
  EXPECT_EQ(decode("7fffffffffffff\r\n", 99, {.body_bytes = 5}).status, 413);
  EXPECT_EQ(decode("1;" + std::string(40, 'a') + "\r\nx\r\n", 99, {.extension_bytes = 30}).status, 400);
  EXPECT_EQ(
      decode("1;aaaaaaaaaa\r\nx\r\n1;aaaaaaaaaa\r\nx\r\n1;aaaaaaaaaaaa\r\n", 99, {.extension_bytes = 30})
          .status,
      400);
  EXPECT_EQ(decode("0\r\nA: " + std::string(40, 'a') + "\r\n\r\n", 99, {.trailer_bytes = 30}).status, 431);
  EXPECT_EQ(
      decode("0\r\nA: aaaaaaaaaa\r\nA: aaaaaaaaaa\r\nA: aaaaaaa\r\n\r\n", 99, {.trailer_bytes = 30}).status,
      431);
}

TEST(Chunked, EncodesWhatItDecodes) {
  for (size_t size : {size_t{1}, size_t{15}, size_t{16}, size_t{255}, size_t{65536}}) {
    const std::string body(size, 'x');
    const ChunkHeader header(size);
    const std::string encoded = std::string(header.text()) + body + "\r\n" + std::string(kLastChunk);
    const Decoded decoded = decode(encoded, 1000);
    EXPECT_EQ(decoded.state, Piece::kDone);
    EXPECT_EQ(decoded.body, body);
  }
  EXPECT_EQ(ChunkHeader(0x1f4).text(), "1f4\r\n");
  EXPECT_EQ(ChunkHeader(UINT64_MAX).text(), "ffffffffffffffff\r\n");
}

}  // namespace
}  // namespace faisca::http
