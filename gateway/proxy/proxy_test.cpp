// Requests through a whole gateway to scripted instances: what passes, and how.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <condition_variable>
#include <future>

#include "gateway/testing/world.h"

namespace faisca::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

// Answers every request with the head it got as the body.
void show_head(Wire& wire, int) {
  Request request;
  while (read_request(wire, request)) wire.send(response(200, request.head));
}

// Answers every request with these bytes.
ScriptedInstance::Script answer_with(std::string bytes) {
  return [bytes](Wire& wire, int) {
    Request request;
    while (read_request(wire, request)) wire.send(bytes);
  };
}

TEST(Proxy, PassesARequestToAnInstanceAndItsAnswerBack) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  const Response response = client.request("POST", "/function/hello/a/b?c=d", "body");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "body");
  EXPECT_EQ(response.headers.at("x-path"), "POST /a/b?c=d HTTP/1.1");
}

TEST(Proxy, ForwardsEveryMethodAndTarget) {
  World world;
  ScriptedInstance instance(show_head);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    EXPECT_THAT(client.request(method, "/function/hello").body, HasSubstr(method + " / HTTP/1.1\r\n"));
  }
  EXPECT_EQ(client.request("HEAD", "/function/hello").status, 200);
  EXPECT_THAT(client.request("GET", "/function/hello.openfaas-fn/x").body, HasSubstr("GET /x HTTP/1.1\r\n"));
  EXPECT_THAT(client.request("GET", "/function/hello?").body, HasSubstr("GET /? HTTP/1.1\r\n"));
  EXPECT_THAT(client.request("GET", "http://other/function/hello/y").body,
              HasSubstr("GET /y HTTP/1.1\r\nHost: other\r\n"));
}

TEST(Proxy, AddsAndKeepsTheHeadersOfTheContract) {
  World world;
  ScriptedInstance instance(show_head);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  const Response made = client.request("GET", "/function/hello");
  const std::string id = made.headers.at("x-call-id");
  EXPECT_THAT(id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_THAT(made.body, HasSubstr("X-Call-Id: " + id + "\r\n"));
  EXPECT_THAT(made.headers.at("x-start-time"), MatchesRegex("[0-9]{19}"));
  EXPECT_THAT(made.body, HasSubstr("X-Start-Time: " + made.headers.at("x-start-time") + "\r\n"));
  EXPECT_THAT(made.body, HasSubstr("X-Forwarded-For: 127.0.0.1\r\n"));
  EXPECT_THAT(made.body, HasSubstr("X-Forwarded-Host: test\r\n"));
  EXPECT_THAT(made.headers.at("x-served-by"), HasSubstr("faisca/"));
  EXPECT_NE(client.request("GET", "/function/hello").headers.at("x-call-id"), id);

  const Response kept = client.request(
      "GET", "/function/hello", "", "X-Call-Id: mine\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Host: h\r\n");
  EXPECT_EQ(kept.headers.at("x-call-id"), "mine");
  EXPECT_THAT(kept.body, HasSubstr("X-Call-Id: mine\r\n"));
  EXPECT_THAT(kept.body, HasSubstr("X-Forwarded-For: 9.9.9.9\r\n"));
  EXPECT_THAT(kept.body, HasSubstr("X-Forwarded-Host: h\r\n"));
  EXPECT_THAT(kept.body, Not(HasSubstr("127.0.0.1")));
}

TEST(Proxy, PassesHeadsUpTo64KiB) {
  World world;
  ScriptedInstance instance(show_head);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  const std::string large(60'000, 'v');
  EXPECT_THAT(client.request("GET", "/function/hello", "", "X-Large: " + large + "\r\n").body,
              HasSubstr("X-Large: " + large + "\r\n"));
  EXPECT_EQ(client.request("GET", "/function/hello", "", "X-Large: " + large + large + "\r\n").status, 431);
}

TEST(Proxy, StripsHopByHopHeadersOnBothSides) {
  World world;
  ScriptedInstance instance([](Wire& wire, int) {
    Request request;
    while (read_request(wire, request)) {
      wire.send(
          response(200, request.head,
                   "Connection: keep-alive, X-Secret\r\nX-Secret: 1\r\nKeep-Alive: 5\r\nX-Kept: 1\r\n"));
    }
  });
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  const Response response =
      client.request("GET", "/function/hello", "",
                     "Connection: x-mine\r\nX-Mine: 1\r\nTE: trailers\r\nUpgrade: h2c\r\nX-Kept: 1\r\n"
                     "Proxy-Connection: keep-alive\r\nKeep-Alive: 5\r\n");
  for (const std::string name :
       {"X-Mine", "TE:", "Upgrade", "Proxy-Connection", "Keep-Alive", "Connection"}) {
    EXPECT_THAT(response.body, Not(HasSubstr(name))) << name;
  }
  EXPECT_THAT(response.body, HasSubstr("X-Kept: 1"));
  EXPECT_TRUE(response.headers.contains("x-kept"));
  for (const std::string name : {"x-secret", "keep-alive", "connection"})
    EXPECT_FALSE(response.headers.contains(name)) << name;
}

TEST(Proxy, ReusesConnectionsOnBothSides) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(client.request("POST", "/function/hello", std::to_string(i)).body, std::to_string(i));
  TestClient other = world.client();
  EXPECT_EQ(other.request("POST", "/function/hello", "x").body, "x");
  EXPECT_EQ(instance.connections(), 1);
}

TEST(Proxy, AnswersPipelinedRequestsInOrder) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  std::string all;
  for (int i = 0; i < 50; ++i) {
    const std::string body = std::to_string(i);
    all += "POST /function/hello HTTP/1.1\r\nHost: h\r\n";
    all += i % 2 == 0 ? "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body
                      : "Transfer-Encoding: chunked\r\n\r\n1\r\n" + body.substr(0, 1) + "\r\n0\r\n\r\n";
    if (i % 7 == 0) all += "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    const std::string body = std::to_string(i);
    EXPECT_EQ(client.read_response().body, i % 2 == 0 ? body : body.substr(0, 1));
    if (i % 7 == 0) EXPECT_EQ(client.read_response().body, "OK\n");
  }
}

TEST(Proxy, ReframesBodiesBetweenTheTwoSides) {
  World world;
  const std::string head = "HTTP/1.1 200 OK\r\n";
  ScriptedInstance chunked(answer_with(
      head + "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"));
  ScriptedInstance until_close([&](Wire& wire, int) {
    Request request;
    if (read_request(wire, request)) wire.send("HTTP/1.0 200 OK\r\n\r\nabcde");
  });
  world.put(function("chunked").on(chunked));
  world.put(function("close").on(until_close));
  for (const std::string name : {"chunked", "close"}) {
    TestClient client = world.client();
    for (int i = 0; i < 3; ++i) {
      const Response response = client.request("GET", "/function/" + name);
      EXPECT_EQ(response.body, "abcde") << name;
      EXPECT_EQ(response.headers.at("transfer-encoding"), "chunked") << name;
      EXPECT_FALSE(response.headers.contains("x-trailer"));
    }
    // An HTTP/1.0 client knows no chunks: its body ends with the connection.
    TestClient old = world.client();
    old.send("GET /function/" + name + " HTTP/1.0\r\n\r\n");
    const Response response = old.read_response();
    EXPECT_EQ(response.body, "abcde");
    EXPECT_FALSE(response.headers.contains("transfer-encoding"));
    EXPECT_EQ(response.headers.at("connection"), "close");
  }
  EXPECT_EQ(chunked.connections(), 1);
}

TEST(Proxy, KeepsAnHttp10ConnectionThatAsksForIt) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  for (int i = 0; i < 2; ++i) {
    client.send("POST /function/hello HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab");
    const Response response = client.read_response();
    EXPECT_EQ(response.body, "ab");
    EXPECT_EQ(response.headers.at("connection"), "keep-alive");
  }
}

TEST(Proxy, ClosesAfterARequestThatAsksForIt) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  const Response response = client.request("POST", "/function/hello", "x", "Connection: close\r\n");
  EXPECT_EQ(response.headers.at("connection"), "close");
  EXPECT_TRUE(client.wire().at_end());
}

TEST(Proxy, SendsNoBodyWhereThereMustBeNone) {
  World world;
  ScriptedInstance no_content(answer_with("HTTP/1.1 204 No Content\r\n\r\n"));
  ScriptedInstance not_modified(answer_with("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n"));
  ScriptedInstance head(answer_with("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"));
  ScriptedInstance interim(
      answer_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nX: y\r\n\r\nHTTP/1.1 200 "
                  "OK\r\nContent-Length: 2\r\n\r\nok"));
  world.put(function("no-content").on(no_content));
  world.put(function("not-modified").on(not_modified));
  world.put(function("head").on(head));
  world.put(function("interim").on(interim));
  TestClient client = world.client();
  for (int i = 0; i < 2; ++i) {
    Response response = client.request("GET", "/function/no-content");
    EXPECT_EQ(response.status, 204);
    EXPECT_FALSE(response.headers.contains("content-length"));
    response = client.request("GET", "/function/not-modified");
    EXPECT_EQ(response.status, 304);
    EXPECT_EQ(response.headers.at("content-length"), "10");
    response = client.request("HEAD", "/function/head");
    EXPECT_EQ(response.headers.at("content-length"), "10");
    response = client.request("GET", "/function/interim");
    EXPECT_EQ(response.body, "ok");
  }
}

TEST(Proxy, FillsInTheContentType) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  EXPECT_EQ(client.request("POST", "/function/hello", "x").headers.at("content-type"), "text/plain");
  EXPECT_EQ(
      client.request("POST", "/function/hello", "x", "Content-Type: a/b\r\n").headers.at("content-type"),
      "a/b");
}

TEST(Proxy, AsksForTheBodyOfAnExpectingClient) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  client.send(
      "POST /function/hello HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.wire().read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  EXPECT_EQ(client.read_response().body, "body");
  EXPECT_EQ(client.request("POST", "/function/hello", "x", "Expect: something\r\n").status, 417);
}

TEST(Proxy, StreamsLargeBodiesBothWays) {
  World world;
  ScriptedInstance instance(echo);
  world.put(
      function("hello").on(instance).with([](api::FunctionSpec& spec) { spec.max_body_bytes = 1u << 30; }));
  std::string body(20 << 20, 'x');
  for (size_t i = 0; i < body.size(); i += 101) body[i] = static_cast<char>('a' + i % 26);
  TestClient client = world.client();
  const Response counted = client.request("POST", "/function/hello", body);
  EXPECT_TRUE(counted.body == body);

  std::string chunked;
  for (size_t at = 0, size = 1; at < body.size(); at += size, size = size * 3 % 70001 + 1) {
    const std::string piece = body.substr(at, size);
    char digits[20];
    std::snprintf(digits, sizeof digits, "%zx\r\n", piece.size());
    chunked += digits + piece + "\r\n";
  }
  client.send("POST /function/hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked +
              "0\r\n\r\n");
  EXPECT_TRUE(client.read_response().body == body);
}

TEST(Proxy, PassesPiecesOnAsTheyComeInBothDirections) {
  World world;
  ScriptedInstance instance([](Wire& wire, int) {
    wire.read_until("\r\n\r\n");
    wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 5; ++i) {
      const std::string chunk = wire.read_until("\r\n") + wire.read_until("\r\n");
      wire.send(chunk);
    }
    wire.send("0\r\n\r\n");
  });
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  client.send("POST /function/hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_THAT(client.wire().read_until("\r\n\r\n"), HasSubstr("200 OK"));
  for (int i = 0; i < 5; ++i) {
    client.send("2\r\na" + std::to_string(i) + "\r\n");
    EXPECT_EQ(client.wire().read_until("\r\n") + client.wire().read_until("\r\n"),
              "2\r\na" + std::to_string(i) + "\r\n");
  }
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.wire().read_exactly(5), "0\r\n\r\n");
}

// What fits in between is what the kernel holds on four sockets; the gateway must add only its buffers.
TEST(Proxy, HoldsASenderBackWhenTheReceiverDoesNotRead) {
  World world;
  std::promise<void> read_on;
  std::shared_future<void> may_read = read_on.get_future().share();
  ScriptedInstance instance([may_read](Wire& wire, int) {
    may_read.wait();
    Request request;
    while (read_request(wire, request)) wire.send(response(200, std::to_string(request.body.size())));
  });
  constexpr size_t kSize = 128u << 20;
  world.put(
      function("hello").on(instance).with([](api::FunctionSpec& spec) { spec.max_body_bytes = kSize; }));
  TestClient client = world.client();
  client.send("POST /function/hello HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(kSize) +
              "\r\n\r\n");
  const std::string piece(1 << 20, 'x');
  size_t sent = 0;
  for (;;) {
    pollfd ready{client.wire().fd(), POLLOUT, 0};
    if (::poll(&ready, 1, 1000) == 0) break;
    const ssize_t count = ::send(client.wire().fd(), piece.data(), piece.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    ASSERT_GT(count, 0);
    sent += static_cast<size_t>(count);
    ASSERT_LT(sent, 64u << 20);
  }
  read_on.set_value();
  while (sent < kSize) {
    const size_t count = std::min(piece.size(), kSize - sent);
    ASSERT_TRUE(client.wire().try_send(std::string_view(piece).substr(0, count)));
    sent += count;
  }
  EXPECT_EQ(client.read_response().body, std::to_string(kSize));
}

TEST(Proxy, SpreadsRequestsOverInstancesByTheirLoad) {
  World world;
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  const auto hold = [released](Wire& wire, int) {
    Request request;
    while (read_request(wire, request)) {
      released.wait();
      wire.send(response(200, ""));
    }
  };
  ScriptedInstance a(hold), b(hold);
  world.put(
      function("hello").on(a).on(b).with([](api::FunctionSpec& spec) { spec.concurrency.per_instance = 3; }));
  std::vector<TestClient> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(world.client());
    clients.back().send("GET /function/hello HTTP/1.1\r\nHost: h\r\n\r\n");
  }
  // All six places are taken as soon as a seventh request is refused.
  while (world.client().request("GET", "/function/hello").status != 429) {
  }
  release.set_value();
  for (TestClient& client : clients) EXPECT_EQ(client.read_response().status, 200);
  EXPECT_EQ(a.connections(), 3);
  EXPECT_EQ(b.connections(), 3);
}

TEST(Proxy, ServesFromSeveralReactors) {
  World world({}, 3);
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&world, i] {
      TestClient client = world.client();
      for (int j = 0; j < 50; ++j) {
        const std::string body = std::to_string(i * 1000 + j);
        EXPECT_EQ(client.request("POST", "/function/hello", body).body, body);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // A request is counted after its answer has left: on another reactor perhaps after the client has it.
  while (world.metric(R"(gateway_function_invocation_total{code="200",function_name="hello.openfaas-fn"})") !=
             400 ||
         world.metric(R"(gateway_function_invocation_inflight{function_name="hello.openfaas-fn"})") != 0) {
    std::this_thread::yield();
  }
}

}  // namespace
}  // namespace faisca::gateway::testing
