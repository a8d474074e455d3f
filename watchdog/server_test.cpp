// The watchdog's HTTP/1.1 server as clients see it: framing, keep-alive, pipelining, bodies that come in
// pieces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "watchdog/testing/test_watchdog.h"

namespace faisca::watchdog {
namespace {

TestWatchdog::Options echo() { return {.binary = FAISCA_WATCHDOG, .handler = {FAISCA_TEST_HANDLER, "echo"}}; }

TEST(Server, KeepsTheConnectionForFurtherRequests) {
  TestWatchdog watchdog(echo());
  TestClient client(watchdog.port());
  for (const char* body : {"1", "22", "333"}) {
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(strlen(body)) + "\r\n\r\n" +
                body);
    EXPECT_EQ(client.read_answer().body, body);
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  TestWatchdog watchdog(echo());
  TestClient client(watchdog.port());
  std::string all;
  for (int i = 0; i < 20; ++i)
    all += "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n" + std::to_string(10 + i);
  client.send(all + "GET /_/health HTTP/1.1\r\nHost: x\r\n\r\n");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.read_answer().body, std::to_string(10 + i));
  EXPECT_EQ(client.read_answer().body, "OK");
}

TEST(Server, TakesARequestByteByByte) {
  TestWatchdog watchdog(echo());
  TestClient client(watchdog.port());
  for (const char c : std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                                  "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n"))
    client.send({&c, 1});
  EXPECT_EQ(client.read_answer().body, "abcde");
}

TEST(Server, StreamsChunkedBodiesBothWays) {
  TestWatchdog watchdog(echo());
  TestClient client(watchdog.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string body;
  for (int i = 0; i < 200; ++i) {
    const std::string part(9973, static_cast<char>('a' + i % 26));
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", part.size());
    client.send(size + part + "\r\n");
    body += part;
  }
  client.send("0\r\n\r\n");
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.headers.at("transfer-encoding"), "chunked");
  EXPECT_TRUE(answer.complete);
  EXPECT_TRUE(answer.body == body);
  client.send("GET /_/health HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "OK") << "the connection is still good";
}

TEST(Server, InvitesTheBodyOfAClientThatExpectsIt) {
  TestWatchdog watchdog(echo());
  TestClient client(watchdog.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100);
  client.send("hello");
  EXPECT_EQ(client.read_answer().body, "hello");
}

TEST(Server, ClosesAfterConnectionClose) {
  TestWatchdog watchdog(echo());
  TestClient client(watchdog.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.read_answer().headers.at("connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST(Server, SpeaksHttp10) {
  TestWatchdog watchdog(echo());
  TestClient client(watchdog.port());
  client.send("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(client.read_answer().body, "hi");
  EXPECT_TRUE(client.at_end());
  TestClient large(watchdog.port());
  const std::string body(3'000'000, 'x');
  large.send("POST / HTTP/1.0\r\nContent-Length: 3000000\r\n\r\n" + body);
  const Answer answer = large.read_answer();
  EXPECT_FALSE(answer.headers.contains("transfer-encoding"));
  EXPECT_TRUE(answer.body == body);
}

TEST(Server, SendsNoBodyToHead) {
  TestWatchdog watchdog(echo());
  TestClient client(watchdog.port());
  client.send(
      "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET /_/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  client.at_end();
  const Answer head = client.read_answer();
  EXPECT_EQ(head.status, 405);
}

TEST(Server, KeepsTheConnectionOfARefusedRequest) {
  TestWatchdog watchdog(echo());
  TestClient client(watchdog.port());
  client.send("PROPFIND / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(client.read_answer().status, 405);
  client.send("GET /_/health HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "OK");
}

TEST(Server, ServesManyConnectionsAtOnce) {
  TestWatchdog watchdog(echo());
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(std::make_unique<TestClient>(watchdog.port()));
  for (int round = 0; round < 3; ++round) {
    for (size_t i = 0; i < clients.size(); ++i)
      clients[i]->send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n" + std::to_string(10 + i));
    for (size_t i = 0; i < clients.size(); ++i)
      EXPECT_EQ(clients[i]->read_answer().body, std::to_string(10 + i));
  }
}

}  // namespace
}  // namespace faisca::watchdog
