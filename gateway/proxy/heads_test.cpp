#include "gateway/proxy/heads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faisca::gateway {
namespace {

using http::BodyKind;
using ::testing::HasSubstr;
using ::testing::Not;

Call call(int client_minor = 1, std::string method = "GET") {
  Call made;
  made.id = "id-1";
  made.start_ns = 42;
  made.method = std::move(method);
  made.client_minor = client_minor;
  return made;
}

std::string to_instance(const std::string& bytes, const http::Framing& framing, std::string_view rest = "/") {
  http::RequestHead head;
  EXPECT_FALSE(http::parse_request_head(bytes, head));
  std::string out;
  write_instance_head(out, head, rest, call(), framing, "1.2.3.4");
  return out;
}

std::string to_client(const std::string& bytes, const http::Framing& framing, const Call& of = call(),
                      After after = After::kKeepAlive) {
  http::ResponseHead head;
  EXPECT_FALSE(http::parse_response_head(bytes, head));
  std::string out;
  write_client_head(out, head, of, framing, after);
  return out;
}

TEST(InstanceHead, IsWrittenAnew) {
  EXPECT_EQ(to_instance("POST /function/f/a?b HTTP/1.0\r\nHost: h\r\nContent-Length: 007\r\nX: y\r\n\r\n",
                        {BodyKind::kLength, 7, {}}, "/a"),
            "POST /a?b HTTP/1.1\r\nHost: h\r\nX: y\r\nX-Call-Id: id-1\r\nX-Start-Time: "
            "42\r\nX-Forwarded-For: 1.2.3.4\r\n"
            "X-Forwarded-Host: h\r\nContent-Length: 7\r\n\r\n");
}

TEST(InstanceHead, HasAHostEvenWhenTheClientSentNone) {
  EXPECT_THAT(to_instance("GET /function/f HTTP/1.0\r\n\r\n", {}), HasSubstr("Host: localhost\r\n"));
}

TEST(InstanceHead, SaysItsFramingOnce) {
  const std::string head = "POST /function/f HTTP/1.1\r\nHost: h\r\n";
  EXPECT_THAT(to_instance(head + "Transfer-Encoding: ChunKed\r\n\r\n", {BodyKind::kChunked, 0, {}}),
              HasSubstr("Transfer-Encoding: chunked\r\n\r\n"));
  EXPECT_THAT(to_instance(head + "Content-Length: 0\r\n\r\n", {}), HasSubstr("Content-Length: 0\r\n\r\n"));
  EXPECT_THAT(to_instance(head + "\r\n", {}), Not(HasSubstr("Content-Length")));
}

TEST(ClientHead, TakesTheFramingTheClientUnderstands) {
  const std::string ok = "HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n";
  const http::Framing chunked{BodyKind::kChunked, 0, {}};
  EXPECT_THAT(to_client(ok, chunked), HasSubstr("HTTP/1.1 200 Fine\r\n"));
  EXPECT_THAT(to_client(ok, chunked), HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(client_body(chunked, call(0)), ClientBody::kUntilClose);
  EXPECT_THAT(to_client(ok, chunked, call(0), After::kClose), Not(HasSubstr("Transfer-Encoding")));
  EXPECT_EQ(client_body({BodyKind::kUntilClose, 0, {}}, call()), ClientBody::kChunked);
  EXPECT_THAT(to_client("HTTP/1.1 200\r\n\r\n", {BodyKind::kLength, 3, {}}),
              HasSubstr("HTTP/1.1 200 OK\r\n"));
}

TEST(ClientHead, SaysTheLengthOfWhatIsNotSent) {
  const std::string bytes = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
  EXPECT_THAT(to_client(bytes, {}, call(1, "HEAD")), HasSubstr("Content-Length: 10\r\n"));
  EXPECT_THAT(to_client("HTTP/1.1 204 No\r\nContent-Length: 10\r\n\r\n", {}),
              Not(HasSubstr("Content-Length")));
  EXPECT_THAT(to_client("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", {}),
              HasSubstr("Content-Length: 0\r\n"));
}

TEST(ClientHead, SaysWhetherTheConnectionStays) {
  const std::string ok = "HTTP/1.1 200 OK\r\n\r\n";
  EXPECT_THAT(to_client(ok, {}), Not(HasSubstr("Connection")));
  EXPECT_THAT(to_client(ok, {}, call(0)), HasSubstr("Connection: keep-alive\r\n"));
  EXPECT_THAT(to_client(ok, {}, call(), After::kClose), HasSubstr("Connection: close\r\n"));
}

TEST(CallIds, AreVersion4Uuids) {
  CallIds ids(1);
  std::string first, second;
  ids.next(first);
  ids.next(second);
  EXPECT_NE(first, second);
  EXPECT_THAT(first,
              ::testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

}  // namespace
}  // namespace faisca::gateway
