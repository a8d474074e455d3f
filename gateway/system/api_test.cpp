// The REST API over real sockets: paths, status codes and JSON names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <nlohmann/json.hpp>

#include "gateway/testing/world.h"

namespace faisca::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

constexpr char kDeployment[] =
    R"({"service":"hello","image":"r/hello:1","envProcess":"cat","labels":{"a":"b"}})";
constexpr char kFunction[] =
    "apiVersion: faisca.dev/v1alpha1\nkind: Function\nmetadata: {name: hello}\n"
    "spec: {handler: {command: [/bin/cat]}}\n";

TEST(Api, CreatesUpdatesListsAndRemovesFunctions) {
  World world;
  TestClient client = world.client();
  EXPECT_EQ(client.request("GET", "/system/functions").body, "[]\n");
  EXPECT_EQ(client.request("PUT", "/system/functions", kDeployment).status, 404);
  EXPECT_EQ(client.request("POST", "/system/functions", kDeployment).status, 202);
  EXPECT_EQ(client.request("POST", "/system/functions", kDeployment).status, 409);
  EXPECT_EQ(client.request("PUT", "/system/functions", kDeployment).status, 202);

  const Json list = Json::parse(client.request("GET", "/system/functions").body);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0]["name"], "hello");
  EXPECT_EQ(list[0]["image"], "r/hello:1");
  EXPECT_EQ(list[0]["namespace"], "openfaas-fn");
  EXPECT_EQ(list[0]["labels"]["a"], "b");
  EXPECT_EQ(list[0]["replicas"], 1);
  EXPECT_EQ(list[0]["availableReplicas"], 0);
  EXPECT_TRUE(list[0]["invocationCount"].is_number());

  EXPECT_EQ(client.request("DELETE", "/system/functions", R"({"functionName":"hello"})").status, 202);
  EXPECT_EQ(client.request("DELETE", "/system/functions", R"({"functionName":"hello"})").status, 404);
}

TEST(Api, TakesAndGivesOurOwnFunctionAsYaml) {
  World world;
  TestClient client = world.client();
  EXPECT_EQ(
      client.request("POST", "/system/functions", kFunction, "Content-Type: application/yaml\r\n").status,
      202);
  const Response yaml = client.request("GET", "/system/function/hello", "", "Accept: application/yaml\r\n");
  EXPECT_EQ(yaml.headers.at("content-type"), "application/yaml");
  EXPECT_THAT(yaml.body, HasSubstr("kind: Function"));
  EXPECT_THAT(yaml.body, HasSubstr("/bin/cat"));
  const Json status = Json::parse(client.request("GET", "/system/function/hello.openfaas-fn?usage=1").body);
  EXPECT_EQ(status["name"], "hello");
  EXPECT_EQ(client.request("GET", "/system/function/absent").status, 404);
}

TEST(Api, SaysWhatIsWrongWithAFunction) {
  World world;
  TestClient client = world.client();
  const std::string yaml = "Content-Type: application/yaml\r\n";
  struct Case {
    std::string body, headers;
  };
  const Case cases[] = {
      {"{", ""},
      {"[]", ""},
      {R"({"image":"x"})", ""},
      {R"({"service":5})", ""},
      {"apiVersion: faisca.dev/v1alpha1\nkind: Function\nmetadata: {name: a}\nspec: {hadnler: {}}\n", yaml},
      {"a: [", yaml},
      {"nothing", yaml},
  };
  for (const Case& c : cases) {
    const Response response = client.request("POST", "/system/functions", c.body, c.headers);
    EXPECT_EQ(response.status, 400) << c.body << response.body;
    EXPECT_THAT(response.body, HasSubstr("\"error\":")) << c.body;
  }
  EXPECT_EQ(client.request("DELETE", "/system/functions", "{}").status, 400);
  EXPECT_EQ(client.request("DELETE", "/system/functions", "x").status, 400);
}

TEST(Api, RefusesALargeBodyAndStaysUsable) {
  Gateway::Settings settings;
  settings.proxy.api_body_bytes = 100;
  World world(settings);
  EXPECT_EQ(world.client().request("POST", "/system/functions", std::string(101, 'x')).status, 413);
  TestClient chunked = world.client();
  chunked.send("POST /system/functions HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n");
  EXPECT_EQ(chunked.read_response().status, 413);
  EXPECT_EQ(world.client().request("GET", "/healthz").status, 200);
}

TEST(Api, ScalesAFunction) {
  World world;
  TestClient client = world.client();
  world.put(function("hello"));
  EXPECT_EQ(client.request("POST", "/system/scale-function/hello", R"({"serviceName":"hello","replicas":3})")
                .status,
            202);
  EXPECT_EQ(Json::parse(client.request("GET", "/system/function/hello").body)["replicas"], 3);
  EXPECT_EQ(client.request("POST", "/system/scale-function/absent", R"({"replicas":3})").status, 404);
  for (const std::string body :
       {"{}", R"({"replicas":-1})", R"({"replicas":"3"})", R"({"replicas":1e9})", "3"}) {
    EXPECT_EQ(client.request("POST", "/system/scale-function/hello", body).status, 400) << body;
  }
}

TEST(Api, GivesLogsAsLinesOfJson) {
  World world;
  world.put(function("hello"));
  const WallTime time = WallTime(
      std::chrono::duration_cast<WallTime::duration>(std::chrono::nanoseconds(1'700'000'000'123'456'789)));
  world.cluster.lines = {{time - std::chrono::hours(1), "hello-1", "old"}, {time, "hello-1", "a \"line\""}};
  TestClient client = world.client();
  const Response all = client.request("GET", "/system/logs?name=hello");
  EXPECT_EQ(all.headers.at("content-type"), "application/x-ndjson");
  const std::string last = all.body.substr(all.body.find('\n') + 1);
  const Json line = Json::parse(last);
  EXPECT_EQ(line["name"], "hello");
  EXPECT_EQ(line["namespace"], "openfaas-fn");
  EXPECT_EQ(line["instance"], "hello-1");
  EXPECT_EQ(line["timestamp"], "2023-11-14T22:13:20.123456789Z");
  EXPECT_EQ(line["text"], "a \"line\"");
  for (const std::string since :
       {"2023-11-14T22:00:00Z", "2023-11-14T23:00:00%2B01:00", "2023-11-14T22:00:00.5Z"}) {
    EXPECT_EQ(client.request("GET", "/system/logs?since=" + since + "&name=hello.openfaas-fn").body, last)
        << since;
  }
  EXPECT_EQ(client.request("GET", "/system/logs?name=absent").status, 404);
  for (const std::string query : {"", "?name=", "?name=hello&since=today", "?name=hello&tail=x",
                                  "?name=hello&tail=-2", "?name=hello&since=2023-11-14T22:00:00"}) {
    EXPECT_EQ(client.request("GET", "/system/logs" + query).status, 400) << query;
  }
}

TEST(Api, KeepsNamespacesApart) {
  World world;
  world.cluster.set_default_namespace("prod");
  world.cluster.spaces = {"dev", "prod"};
  TestClient client = world.client();
  const auto deploy = [&](const std::string& method, const std::string& name_space) {
    return client
        .request(method, "/system/functions",
                 R"({"service":"hello","image":"i","namespace":")" + name_space + "\"}")
        .status;
  };
  EXPECT_EQ(client.request("POST", "/system/functions", kDeployment).status, 202) << "the default namespace";
  EXPECT_EQ(deploy("POST", "prod"), 409);
  EXPECT_EQ(deploy("POST", "openfaas-fn"), 409) << "no such namespace here: the default one is meant";
  EXPECT_EQ(deploy("POST", "dev"), 202);
  EXPECT_EQ(client.request("GET", "/system/namespaces").body, "[\"dev\",\"prod\"]\n");

  for (const auto& [query, name_space] : {std::pair<std::string, std::string>{"", "prod"},
                                          {"?namespace=openfaas-fn", "prod"},
                                          {"?namespace=dev", "dev"},
                                          {"?namespace=prod", "prod"}}) {
    const Json list = Json::parse(client.request("GET", "/system/functions" + query).body);
    ASSERT_EQ(list.size(), 1u) << query;
    EXPECT_EQ(list[0]["namespace"], name_space) << query;
    EXPECT_EQ(Json::parse(client.request("GET", "/system/function/hello" + query).body)["namespace"],
              name_space);
  }
  EXPECT_EQ(Json::parse(client.request("GET", "/system/function/hello.dev").body)["namespace"], "dev");
  EXPECT_EQ(client.request("GET", "/system/functions?namespace=none").body, "[]\n");
  EXPECT_EQ(client.request("GET", "/system/function/hello.none").status, 404);

  const std::string three = R"({"serviceName":"hello","replicas":3,"namespace":"dev"})";
  EXPECT_EQ(client.request("POST", "/system/scale-function/hello", three).status, 202);
  EXPECT_EQ(client.request("POST", "/system/scale-function/hello?namespace=prod", R"({"replicas":2})").status,
            202);
  EXPECT_EQ(Json::parse(client.request("GET", "/system/function/hello.dev").body)["replicas"], 3);
  EXPECT_EQ(Json::parse(client.request("GET", "/system/function/hello").body)["replicas"], 2);

  EXPECT_EQ(
      client.request("DELETE", "/system/functions", R"({"functionName":"hello","namespace":"dev"})").status,
      202);
  EXPECT_EQ(client.request("GET", "/system/function/hello.dev").status, 404);
  EXPECT_EQ(client.request("GET", "/system/function/hello").status, 200);
}

TEST(Api, TakesSecretsAndNeverGivesTheirValues) {
  World world;
  TestClient client = world.client();
  const auto send = [&](const std::string& method, const std::string& body) {
    return client.request(method, "/system/secrets", body).status;
  };
  EXPECT_EQ(client.request("GET", "/system/secrets").body, "[]\n");
  EXPECT_EQ(send("PUT", R"({"name":"key","value":"hunter2"})"), 404);
  EXPECT_EQ(send("POST", R"({"name":"key","value":"hunter2"})"), 202);
  EXPECT_EQ(send("POST", R"({"name":"key","value":"hunter2"})"), 409);
  EXPECT_EQ(send("PUT", R"({"name":"key","rawValue":"aHVudGVyMw=="})"), 202);
  EXPECT_EQ((world.cluster.kept_secrets[{"openfaas-fn", "key"}]), "hunter3");
  EXPECT_EQ(client.request("GET", "/system/secrets").body,
            "[{\"name\":\"key\",\"namespace\":\"openfaas-fn\"}]\n");
  EXPECT_EQ(client.request("GET", "/system/secrets?namespace=other").body, "[]\n");
  for (const std::string body : {"", "[]", "{}", R"({"name":5})", R"({"name":"A b","value":"x"})",
                                 R"({"name":"a","rawValue":"*"})", R"({"name":"a","value":7})"}) {
    EXPECT_EQ(send("POST", body), 400) << body;
  }
  EXPECT_EQ(send("DELETE", R"({"name":"key"})"), 202);
  EXPECT_EQ(send("DELETE", R"({"name":"key"})"), 404);
}

cluster::LogLine line_of(int number) { return {WallTime{}, "hello-1", "line " + std::to_string(number)}; }

TEST(Api, FollowsLogsUntilTheClientLeaves) {
  World world;
  world.put(function("hello"));
  world.cluster.lines = {line_of(0)};
  std::promise<void> cancelled;
  std::promise<void> go_on;
  world.cluster.follow = [&](const cluster::LogQuery& query, const auto& sink) -> Status {
    go_on.get_future().wait();
    sink(line_of(1));
    std::stop_callback when_cancelled(query.cancel, [&] { cancelled.set_value(); });
    cancelled.get_future().wait();
    return {};
  };
  TestClient client = world.client();
  client.send("GET /system/logs?name=hello&follow=1 HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string head = client.wire().read_until("\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Type: application/x-ndjson\r\n"));
  EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(client.wire().read_until("}\n"), HasSubstr("line 0")) << "comes before there is another";
  go_on.set_value();
  EXPECT_THAT(client.wire().read_until("}\n"), HasSubstr("line 1"));
  client.wire().close();
  while (world.metric(R"(http_requests_total{method="GET",path="/system/logs",status="499"})") != 1) {
  }
}

TEST(Api, EndsAFollowedLogAsTheClusterEndsIt) {
  World world;
  world.put(function("hello"));
  TestClient client = world.client();
  const std::string path = "/system/logs?name=hello&follow=true";
  world.cluster.follow = [](const cluster::LogQuery&, const auto& sink) -> Status {
    for (int i = 0; i < 20'000; ++i)
      if (!sink(line_of(i))) return {};
    return {};
  };
  const Response all = client.request("GET", path);
  EXPECT_EQ(std::ranges::count(all.body, '\n'), 20'000) << "more than the buffer holds";
  world.cluster.follow = [](const cluster::LogQuery&, const auto&) -> Status {
    return fail(Code::kPermissionDenied, "pods/log is forbidden");
  };
  EXPECT_EQ(client.request("GET", path).status, 403) << "an error before the first line is told";
  EXPECT_EQ(client.request("GET", "/system/logs?name=absent&follow=1").status, 404);
  EXPECT_EQ(client.request("GET", "/system/logs?follow=1").status, 400);
  world.cluster.follow = [](const cluster::LogQuery&, const auto& sink) -> Status {
    sink(line_of(1));
    return fail(Code::kUnavailable, "the API server went away");
  };
  client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.wire().read_to_end(), Not(HasSubstr("\r\n0\r\n\r\n"))) << "cut off, not ended";
  world.cluster.follow = nullptr;
  world.cluster.lines = {line_of(7)};
  TestClient old = world.client();
  old.send("GET " + path + " HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.wire().read_to_end(), HasSubstr("line 7\"}\n"));
}

TEST(Api, StopsWhileALogIsFollowed) {
  World world;
  world.put(function("hello"));
  world.cluster.follow = [](const cluster::LogQuery& query, const auto& sink) -> Status {
    sink(line_of(1));
    std::promise<void> cancelled;
    std::stop_callback when_cancelled(query.cancel, [&] { cancelled.set_value(); });
    cancelled.get_future().wait();
    return {};
  };
  TestClient client = world.client();
  client.send("GET /system/logs?name=hello&follow=1 HTTP/1.1\r\nHost: h\r\n\r\n");
  client.wire().read_until("line 1");
  world.gateway->stop();
  EXPECT_THAT(client.wire().read_to_end(), HasSubstr("\r\n0\r\n\r\n"));
}

TEST(Api, TellsAboutThePlatform) {
  World world;
  TestClient client = world.client();
  const Json info = Json::parse(client.request("GET", "/system/info").body);
  EXPECT_EQ(info["provider"]["provider"], "faisca");
  EXPECT_TRUE(info["provider"]["version"]["release"].is_string());
  EXPECT_TRUE(info["version"]["sha"].is_string());
  EXPECT_EQ(client.request("GET", "/healthz").status, 200);
  EXPECT_EQ(client.request("HEAD", "/healthz").status, 200);
  EXPECT_EQ(client.request("GET", "/system/namespaces").body, "[\"openfaas-fn\"]\n");
  const Response metrics = client.request("GET", "/metrics");
  EXPECT_THAT(metrics.headers.at("content-type"), HasSubstr("version=0.0.4"));
  EXPECT_EQ(world.metric(R"(http_requests_total{method="GET",path="/system/info",status="200"})"), 1);
}

TEST(Api, Knows404From405) {
  World world;
  TestClient client = world.client();
  const Response response = client.request("PATCH", "/system/functions");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.at("allow"), "GET, POST, PUT, DELETE");
  for (const std::string path : {"/", "/system", "/system/function/", "/system/function/a/b", "/function"}) {
    EXPECT_EQ(client.request("GET", path).status, 404) << path;
  }
}

}  // namespace
}  // namespace faisca::gateway::testing
