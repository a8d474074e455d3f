// What goes wrong on either side of the gateway, and what the client is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "gateway/testing/world.h"

namespace faisca::gateway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// Answers with these bytes and closes.
ScriptedInstance::Script answer_and_close(std::string bytes) {
  return [bytes](Wire& wire, int) {
    Request request;
    if (read_request(wire, request)) wire.send(bytes);
  };
}

void expect_error(const Response& response, int status, const std::string& part) {
  EXPECT_EQ(response.status, status) << response.body;
  EXPECT_THAT(response.body, HasSubstr(part));
  EXPECT_THAT(response.body, HasSubstr("\"hop\":"));
  EXPECT_EQ(response.headers.at("x-openfaas-internal"), "gateway");
}

TEST(Fault, UnknownFunctionIs404) {
  World world;
  TestClient client = world.client();
  expect_error(client.request("POST", "/function/absent", "body"), 404, "absent");
  expect_error(client.request("GET", "/function/"), 404, "");
  expect_error(client.request("GET", "/function/.openfaas-fn"), 404, "");
  expect_error(client.request("GET", "/nothing"), 404, "/nothing");
  EXPECT_FALSE(client.request("GET", "/function/absent").headers.at("x-call-id").empty());
}

TEST(Fault, OtherMethodsAre405) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  for (const std::string method : {"TRACE", "PROPFIND", "post"}) {
    const Response response = client.request(method, "/function/hello");
    expect_error(response, 405, method);
    EXPECT_THAT(response.headers.at("allow"), HasSubstr("PATCH"));
  }
  EXPECT_EQ(instance.connections(), 0);
}

TEST(Fault, ABodyOverTheLimitIs413) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance).with([](api::FunctionSpec& spec) { spec.max_body_bytes = 10; }));
  {
    TestClient client = world.client();
    EXPECT_EQ(client.request("POST", "/function/hello", "0123456789").status, 200);
    expect_error(client.request("POST", "/function/hello", "0123456789a"), 413, "11 bytes");
    EXPECT_EQ(client.request("POST", "/function/hello", "0123456789").status, 200);
  }
  {
    TestClient client = world.client();
    client.send(
        "POST /function/hello HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\nExpect: "
        "100-continue\r\n\r\n");
    expect_error(client.read_response(), 413, "limit");
  }
  {
    TestClient client = world.client();
    client.send(
        "POST /function/hello HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n");
    client.send("6\r\n012345\r\n0\r\n\r\n");
    expect_error(client.read_response(), 413, "limit");
    EXPECT_TRUE(client.wire().at_end());
  }
}

TEST(Fault, MoreRequestsThanPlacesAre429) {
  World world;
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::promise<void> arrived;
  ScriptedInstance instance([&](Wire& wire, int) {
    Request request;
    if (!read_request(wire, request)) return;
    arrived.set_value();
    released.wait();
    wire.send(response(200, "done"));
  });
  world.put(function("hello").on(instance).with(
      [](api::FunctionSpec& spec) { spec.concurrency.per_instance = 1; }));
  TestClient first = world.client();
  first.send("GET /function/hello HTTP/1.1\r\nHost: h\r\n\r\n");
  arrived.get_future().wait();
  TestClient second = world.client();
  const Response refused = second.request("GET", "/function/hello");
  expect_error(refused, 429, "concurrency.perInstance = 1");
  EXPECT_EQ(refused.headers.at("retry-after"), "1");
  release.set_value();
  EXPECT_EQ(first.read_response().body, "done");
}

TEST(Fault, AnInstanceThatClosesWithoutAnswerIs502) {
  World world;
  ScriptedInstance instance(answer_and_close(""));
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  const Response response = client.request("POST", "/function/hello", "body");
  expect_error(response, 502, "without a response");
  EXPECT_THAT(response.body, HasSubstr("hello-" + std::to_string(instance.port())));
  // The client's connection is still good.
  expect_error(client.request("GET", "/function/hello"), 502, "without a response");
}

TEST(Fault, AGarbledResponseIs502) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string cases[] = {
      "garbage\r\n\r\n",
      "\x16\x03\x01",
      "HTTP/2.0 200 OK\r\n\r\n",
      "HTTP/1.1 99 X\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
      "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
      ok + "Content-Length : 0\r\n\r\n",
      ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
      ok + "Content-Length: -1\r\n\r\n",
      ok + "Transfer-Encoding: gzip\r\n\r\n",
      ok + "Transfer-Encoding: chunked, identity\r\n\r\n",
      ok + " folded: 1\r\n\r\n",
      ok + "A: b\r\n c\r\n\r\n",
      ok + std::string("A: b\0c\r\n\r\n", 10),
      ok + "A: " + std::string(70000, 'a') + "\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Le",
  };
  for (const std::string& bytes : cases) {
    World world;
    ScriptedInstance instance(answer_and_close(bytes));
    world.put(function("hello").on(instance));
    TestClient client = world.client();
    expect_error(client.request("POST", "/function/hello", "x"), 502, "");
  }
}

TEST(Fault, AnInstanceThatBreaksOffLeavesNoProperEnd) {
  World world;
  ScriptedInstance length(answer_and_close("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"));
  ScriptedInstance chunked(
      answer_and_close("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
  ScriptedInstance bad_chunk(
      answer_and_close("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX"));
  world.put(function("length").on(length));
  world.put(function("chunked").on(chunked));
  world.put(function("bad-chunk").on(bad_chunk));
  for (const std::string name : {"length", "chunked", "bad-chunk"}) {
    TestClient client = world.client();
    client.send("GET /function/" + name + " HTTP/1.1\r\nHost: h\r\n\r\n");
    const std::string all = client.wire().read_to_end();
    EXPECT_FALSE(all.ends_with("0\r\n\r\n")) << name;
  }
}

TEST(Fault, NoInstanceIs503WithTheReason) {
  Gateway::Settings settings;
  settings.proxy.instance_wait = 1ms;
  World world(settings);
  world.put(function("hello").because("the binary /x/handler is missing"));
  TestClient client = world.client();
  const Response response = client.request("POST", "/function/hello", "body");
  expect_error(response, 503, "the binary /x/handler is missing");
  EXPECT_EQ(response.headers.at("retry-after"), "1");

  auto none = function("none");
  none.state.replicas = 0;
  world.put(none);
  expect_error(client.request("GET", "/function/none"), 503, "scaled to 0");
}

TEST(Fault, ARequestWaitsForAnInstanceToBecomeReady) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello"));
  TestClient client = world.client();
  client.send("POST /function/hello HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
  while (world.metric(R"(gateway_function_invocation_inflight{function_name="hello.openfaas-fn"})") != 1) {
  }
  world.put(function("hello").on(instance));
  EXPECT_EQ(client.read_response().body, "hi");
}

TEST(Fault, AnUnreachableInstanceIsLeftAside) {
  World world;
  ScriptedInstance gone(echo);
  ScriptedInstance good(echo);
  gone.stop_listening();
  world.put(function("hello").on(gone).on(good));
  TestClient client = world.client();
  for (int i = 0; i < 6; ++i) EXPECT_EQ(client.request("POST", "/function/hello", "x").body, "x");
}

TEST(Fault, OnlyUnreachableInstancesAre503ThatSaysSo) {
  Gateway::Settings settings;
  settings.proxy.instance_wait = 1ms;
  World world(settings);
  ScriptedInstance gone(echo);
  gone.stop_listening();
  world.put(function("hello").on(gone));
  TestClient client = world.client();
  expect_error(client.request("POST", "/function/hello", "x"), 503, "cannot connect to 127.0.0.1");
}

// Serves one request on its first connection, which dies when the second one arrives; later ones live.
void die_at_the_second_request(Wire& wire, int connection) {
  Request request;
  if (connection == 0) {
    if (read_request(wire, request)) wire.send(response(200, "first"));
    read_request(wire, request);
    return;
  }
  while (read_request(wire, request)) wire.send(response(200, "second"));
}

TEST(Fault, AStaleConnectionIsReplaced) {
  World world;
  ScriptedInstance instance(die_at_the_second_request);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  EXPECT_EQ(client.request("GET", "/function/hello").body, "first");
  EXPECT_EQ(client.request("GET", "/function/hello").body, "second");
  EXPECT_EQ(instance.connections(), 2);
}

TEST(Fault, ARequestWithABodyIsNeverSentTwice) {
  World world;
  ScriptedInstance instance(die_at_the_second_request);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  EXPECT_EQ(client.request("GET", "/function/hello").body, "first");
  EXPECT_EQ(client.request("POST", "/function/hello", "x").status, 502);
  EXPECT_EQ(instance.connections(), 1);
}

TEST(Fault, ARequestThatMayHaveHadAnEffectIsNeverSentTwice) {
  World world;
  ScriptedInstance instance(die_at_the_second_request);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  EXPECT_EQ(client.request("GET", "/function/hello").body, "first");
  EXPECT_EQ(client.request("POST", "/function/hello").status, 502);
  EXPECT_EQ(instance.connections(), 1);
}

TEST(Fault, AnInstanceThatIsTooSlowIs504) {
  Gateway::Settings settings;
  settings.proxy.exec_margin = 1ms;
  World world(settings);
  std::promise<void> closed;
  ScriptedInstance instance([&](Wire& wire, int) {
    Request request;
    read_request(wire, request);
    if (wire.at_end()) closed.set_value();
  });
  world.put(function("hello").on(instance).with([](api::FunctionSpec& spec) { spec.timeouts.exec = 50ms; }));
  TestClient client = world.client();
  expect_error(client.request("GET", "/function/hello"), 504, "timeouts.exec");
  closed.get_future().wait();
}

TEST(Fault, ASlowClientIs408) {
  Gateway::Settings settings;
  settings.proxy.head = 50ms;
  World world(settings);
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance).with([](api::FunctionSpec& spec) { spec.timeouts.read = 50ms; }));
  TestClient head = world.client();
  head.send("GET /function/he");
  expect_error(head.read_response(), 408, "head");
  TestClient body = world.client();
  body.send("POST /function/hello HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhal");
  expect_error(body.read_response(), 408, "body");
}

TEST(Fault, AClientThatLeavesCancelsItsRequest) {
  Gateway::Settings settings;
  settings.proxy.hang_up_grace = 1ms;
  World world(settings);
  std::promise<void> arrived, cancelled;
  ScriptedInstance instance([&](Wire& wire, int) {
    Request request;
    read_request(wire, request);
    arrived.set_value();
    if (wire.at_end()) cancelled.set_value();
  });
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  client.send("POST /function/hello HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
  arrived.get_future().wait();
  client.wire().close();
  cancelled.get_future().wait();
  while (world.metric(R"(gateway_function_invocation_total{code="499",function_name="hello.openfaas-fn"})") !=
         1) {
  }
}

TEST(Fault, AClientThatLeavesInTheMiddleOfItsBodyCancelsItsRequest) {
  World world;
  std::promise<void> arrived, cancelled;
  ScriptedInstance instance([&](Wire& wire, int) {
    wire.read_until("hi");
    arrived.set_value();
    if (wire.at_end()) cancelled.set_value();
  });
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  client.send("POST /function/hello HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhi");
  arrived.get_future().wait();
  client.wire().close();
  cancelled.get_future().wait();
}

TEST(Fault, AClientThatClosesOnlyItsSendingSideGetsItsAnswer) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  client.send("POST /function/hello HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
  client.wire().half_close();
  EXPECT_EQ(client.read_response().body, "hi");
  EXPECT_TRUE(client.wire().at_end());
}

TEST(Fault, AnInstanceMayAnswerBeforeTheBodyWasSent) {
  World world;
  ScriptedInstance instance([](Wire& wire, int) {
    wire.read_until("\r\n\r\n");
    wire.send(response(403, "no"));
    wire.read_to_end();
  });
  world.put(
      function("hello").on(instance).with([](api::FunctionSpec& spec) { spec.max_body_bytes = 1u << 30; }));
  TestClient client = world.client();
  client.send("POST /function/hello HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\nstart");
  const Response response = client.read_response();
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body, "no");
  EXPECT_TRUE(client.wire().at_end());
}

TEST(Fault, MoreConnectionsThanAllowedAre503) {
  Gateway::Settings settings;
  settings.proxy.connections = 1;
  World world(settings);
  TestClient first = world.client();
  EXPECT_EQ(first.request("GET", "/healthz").status, 200);
  TestClient second = world.client();
  expect_error(second.read_response(), 503, "connections");
  EXPECT_EQ(first.request("GET", "/healthz").status, 200);
}

TEST(Fault, DrainingEndsIdleConnectionsAndFinishesTheOthers) {
  World world;
  std::promise<void> arrived, release;
  std::shared_future<void> released = release.get_future().share();
  ScriptedInstance instance([&](Wire& wire, int) {
    Request request;
    read_request(wire, request);
    arrived.set_value();
    released.wait();
    wire.send(response(200, "done"));
  });
  world.put(function("hello").on(instance));
  TestClient idle = world.client();
  EXPECT_EQ(idle.request("GET", "/healthz").status, 200);
  TestClient busy = world.client();
  busy.send("GET /function/hello HTTP/1.1\r\nHost: h\r\n\r\n");
  arrived.get_future().wait();
  std::thread stopping([&] { world.gateway->stop(); });
  EXPECT_TRUE(idle.wire().at_end());
  release.set_value();
  const Response response = busy.read_response();
  EXPECT_EQ(response.body, "done");
  EXPECT_EQ(response.headers.at("connection"), "close");
  busy.wire().close();
  stopping.join();
}

}  // namespace
}  // namespace faisca::gateway::testing
