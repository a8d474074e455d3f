// Shapes that make two HTTP parsers disagree (RFC 9112 §11.2): none of them may reach an instance.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"

namespace faisca::gateway::testing {
namespace {

TEST(Smuggling, NoAmbiguousRequestReachesAnInstance) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  const std::string line = "POST /function/hello HTTP/1.1\r\n";
  const std::string start = line + "Host: h\r\n";
  const std::string hidden = "GET /function/hello/hidden HTTP/1.1\r\nHost: h\r\n\r\n";
  struct Case {
    std::string bytes;
    int status;
  };
  const Case cases[] = {
      {start + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 400},
      {start + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + hidden, 400},
      {start + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + hidden, 400},
      {start + "Content-Length: 0, 44\r\n\r\n" + hidden, 400},
      {start + "Content-Length: +0\r\n\r\n" + hidden, 400},
      {start + "Content-Length: 0x0\r\n\r\n" + hidden, 400},
      {start + "Content-Length: \r\n\r\n" + hidden, 400},
      {start + "Content-Length : 0\r\n\r\n" + hidden, 400},
      {start + "Content-Length\t: 0\r\n\r\n" + hidden, 400},
      {start + " Content-Length: 0\r\n\r\n" + hidden, 400},
      {start + "X: y\r\n Content-Length: 44\r\n\r\n" + hidden, 400},
      {start + "X: y\rContent-Length: 44\r\n\r\n" + hidden, 400},
      {start + "X: y\nContent-Length: 44\r\n\r\n" + hidden, 400},
      {start + std::string("X: y\0\r\n\r\n", 9) + hidden, 400},
      {start + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + hidden, 400},
      {start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden, 501},
      {start + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden, 400},
      {start + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + hidden, 501},
      {start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 400},
      {start +
           "Transfer-Encoding:\x0b"
           "chunked\r\n\r\n0\r\n\r\n" +
           hidden,
       400},
      {start + "Transfer\x01-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n5;\nx\r\nhello\r\n0\r\n\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n-1\r\nhello", 400},
      {start + "Transfer-Encoding: chunked\r\n\r\n\r\nhello", 400},
      {"POST /function/hello HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 400},
      {line + "Host: a\r\nHost: b\r\n\r\n", 400},
      {line + "\r\n", 400},
      {line + "Host: a b\r\n\r\n", 400},
      {"POST /function/hello\tHTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"POST /function/hello  HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"POST /function/hello HTTP/1.1\nHost: h\n\n", 400},
      {"POST /function/hello HTTP/1.1\r\nHost: h\r\nbroken\r\n\r\n", 400},
      {"POST /function/hello HTTP/3.0\r\nHost: h\r\n\r\n", 505},
      {"GET /function/hello\r\n\r\n", 400},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"\x16\x03\x01\x02\x00", 400},
  };
  for (const Case& c : cases) {
    TestClient client = world.client();
    client.send(c.bytes);
    const Response response = client.read_response();
    EXPECT_EQ(response.status, c.status) << c.bytes;
    EXPECT_TRUE(response.headers.contains("x-call-id") && response.headers.contains("date")) << c.bytes;
    EXPECT_TRUE(client.wire().at_end()) << c.bytes;
  }
  EXPECT_EQ(instance.connections(), 0);
}

TEST(Smuggling, ABadChunkAfterAGoodOneEndsBothConnections) {
  World world;
  ScriptedInstance instance([](Wire& wire, int) {
    EXPECT_THAT(wire.read_to_end(), ::testing::Not(::testing::HasSubstr("hidden")));
  });
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  client.send("POST /function/hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  client.send("5 \r\nGET /hidden HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 400);
  EXPECT_TRUE(client.wire().at_end());
}

// Bytes after a response's end must not become the answer to the next request.
TEST(Smuggling, BytesAfterAResponseAreNotTheNextOne) {
  World world;
  ScriptedInstance instance([](Wire& wire, int connection) {
    Request request;
    const std::string body = "from connection " + std::to_string(connection);
    while (read_request(wire, request)) wire.send(response(200, body) + response(200, "smuggled"));
  });
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.request("GET", "/function/hello").body, "from connection " + std::to_string(i));
  }
}

TEST(Smuggling, ConnectionOptionsCannotRemoveFraming) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  EXPECT_EQ(client.request("POST", "/function/hello", "body", "Connection: Content-Length, Host\r\n").body,
            "body");
}

}  // namespace
}  // namespace faisca::gateway::testing
