#include "lib/http/body.h"

#include <gtest/gtest.h>

#include <string>

namespace faisca::http {
namespace {

Framing request(const std::string& headers, const std::string& version = "1.1") {
  const std::string bytes = "POST / HTTP/" + version + "\r\nHost: h\r\n" + headers + "\r\n";
  RequestHead head;
  const Problem problem = parse_request_head(bytes, head);
  EXPECT_FALSE(problem) << problem.reason;
  return request_framing(head);
}

Framing response(const std::string& start, const std::string& headers,
                 Answers answers = Answers::kOtherMethod) {
  const std::string bytes = "HTTP/" + start + "\r\n" + headers + "\r\n";
  ResponseHead head;
  const Problem problem = parse_response_head(bytes, head);
  EXPECT_FALSE(problem) << problem.reason;
  return response_framing(head, answers);
}

TEST(RequestFraming, FollowsTheHeaders) {
  EXPECT_EQ(request("").kind, BodyKind::kNone);
  EXPECT_EQ(request("Content-Length: 0\r\n").kind, BodyKind::kNone);
  EXPECT_EQ(request("Content-Length: 12\r\n").kind, BodyKind::kLength);
  EXPECT_EQ(request("content-length:   12  \r\n").length, 12u);
  EXPECT_EQ(request("Content-Length: 0012\r\n").length, 12u);
  EXPECT_EQ(request("Transfer-Encoding: chunked\r\n").kind, BodyKind::kChunked);
  EXPECT_EQ(request("TRANSFER-ENCODING: Chunked\r\n").kind, BodyKind::kChunked);
  EXPECT_EQ(request("Content-Length: 5\r\n", "1.0").kind, BodyKind::kLength);
}

TEST(RequestFraming, RefusesSmugglingShapes) {
  struct Case {
    std::string headers;
    int status;
  };
  const Case cases[] = {
      {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
      {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400},
      {"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", 400},
      {"Content-Length: 5\r\nContent-Length: 6\r\n", 400},
      {"Content-Length: 5\r\nContent-Length: 5\r\n", 400},
      {"Content-Length: 5, 5\r\n", 400},
      {"Content-Length: 5,6\r\n", 400},
      {"Content-Length: +5\r\n", 400},
      {"Content-Length: -5\r\n", 400},
      {"Content-Length: 0x5\r\n", 400},
      {"Content-Length: 5 5\r\n", 400},
      {"Content-Length: 5.0\r\n", 400},
      {"Content-Length: 5a\r\n", 400},
      {"Content-Length: 1e1\r\n", 400},
      {"Content-Length: \"5\"\r\n", 400},
      {"Content-Length: \r\n", 400},
      {"Content-Length: 18446744073709551621\r\n", 400},
      {"Content-Length: 99999999999999999999999999\r\n", 400},
      {"Transfer-Encoding: \r\n", 400},
      {"Transfer-Encoding: ,\r\n", 400},
      {"Transfer-Encoding: xchunked\r\n", 501},
      {"Transfer-Encoding: chunkedx\r\n", 501},
      {"Transfer-Encoding: identity\r\n", 501},
      {"Transfer-Encoding: gzip\r\n", 501},
      {"Transfer-Encoding: gzip, chunked\r\n", 501},
      {"Transfer-Encoding: chunked, gzip\r\n", 400},
      {"Transfer-Encoding: chunked, chunked\r\n", 400},
      {"Transfer-Encoding: chunked, identity\r\n", 400},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", 400},
      {"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", 501},
      {"Transfer-Encoding: \"chunked\"\r\n", 501},
      {"Transfer-Encoding: chunked;q=1\r\n", 501},
      {"Transfer-Encoding: chun ked\r\n", 501},
  };
  for (const Case& c : cases) EXPECT_EQ(request(c.headers).problem.status, c.status) << c.headers;
  EXPECT_EQ(request("Transfer-Encoding: chunked\r\n", "1.0").problem.status, 400);
}

TEST(ResponseFraming, FollowsStatusAndMethod) {
  EXPECT_EQ(response("1.1 200 OK", "Content-Length: 5\r\n").length, 5u);
  EXPECT_EQ(response("1.1 200 OK", "Transfer-Encoding: chunked\r\n").kind, BodyKind::kChunked);
  EXPECT_EQ(response("1.1 200 OK", "").kind, BodyKind::kUntilClose);
  EXPECT_EQ(response("1.1 200 OK", "Content-Length: 0\r\n").kind, BodyKind::kNone);
  EXPECT_EQ(response("1.1 204 No", "Content-Length: 5\r\n").kind, BodyKind::kNone);
  EXPECT_EQ(response("1.1 304 No", "Content-Length: 5\r\n").kind, BodyKind::kNone);
  EXPECT_EQ(response("1.1 100 Go", "").kind, BodyKind::kNone);
  EXPECT_EQ(response("1.1 200 OK", "Content-Length: 5\r\n", Answers::kHead).kind, BodyKind::kNone);
}

TEST(ResponseFraming, RefusesSmugglingShapes) {
  EXPECT_TRUE(response("1.1 200 OK", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n").problem);
  EXPECT_TRUE(response("1.1 200 OK", "Content-Length: 5\r\nContent-Length: 6\r\n").problem);
  EXPECT_TRUE(response("1.1 200 OK", "Content-Length: five\r\n").problem);
  EXPECT_TRUE(response("1.1 200 OK", "Transfer-Encoding: chunked, gzip\r\n").problem);
  EXPECT_TRUE(response("1.0 200 OK", "Transfer-Encoding: chunked\r\n").problem);
}

TEST(BodyDecoder, EndsALengthWithItsLastByte) {
  BodyDecoder decoder({BodyKind::kLength, 5, {}});
  Piece piece = decoder.next("abc");
  EXPECT_EQ(piece.data, "abc");
  EXPECT_FALSE(decoder.done());
  piece = decoder.next("deGET");
  EXPECT_EQ(piece.data, "de");
  EXPECT_EQ(piece.consumed, 2u);
  EXPECT_TRUE(decoder.done());
  EXPECT_EQ(decoder.next("GET").state, Piece::kDone);
}

TEST(BodyDecoder, HasNothingToDoWithoutABody) {
  BodyDecoder decoder;
  EXPECT_TRUE(decoder.done());
  EXPECT_EQ(decoder.next("GET").consumed, 0u);
}

TEST(BodyDecoder, StopsAtTheLimitOfABodyUntilClose) {
  BodyDecoder decoder({BodyKind::kUntilClose, 0, {}}, 4);
  EXPECT_EQ(decoder.next("abcdef").data, "abcd");
  EXPECT_EQ(decoder.next("ef").state, Piece::kBad);
}

}  // namespace
}  // namespace faisca::http
