#include "lib/kube/rest_client.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "lib/base/clock.h"
#include "lib/base/files.h"
#include "lib/kube/testing/scripted_server.h"
#include "lib/kube/testing/temporary_folder.h"

namespace faisca::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ScriptedServer;

class RestClientTest : public ::testing::Test {
 protected:
  void connect(Config config = {}, RestSettings settings = {}) {
    config.server = server_.url();
    auto client = RestClient::create(std::move(config), settings);
    ASSERT_TRUE(client) << client.error().text();
    client_ = *std::move(client);
  }
  Code code_of(const Request& request) {
    auto answer = client_->send(request);
    return answer ? Code::kOk : answer.error().code;
  }

  ScriptedServer server_;
  std::unique_ptr<RestClient> client_;
  const Request get_ = get(kPods, {"ns", "x"});
  const Request create_ = create(kPods, {{"metadata", {{"name", "x"}, {"namespace", "ns"}}}});
};

TEST_F(RestClientTest, SendsWhatTheRequestSays) {
  connect({.token = {.data = "secret", .file = {}}}, {.user_agent = "faisca-test"});
  server_.answer(200, R"({"a": 1})");
  const auto answer =
      client_->send(apply(kDeployments, {{"metadata", {{"name", "x"}, {"namespace", "ns"}}}}, "me"));
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ((*answer)["a"], 1);
  const std::string sent = server_.raw_requests().at(0);
  EXPECT_TRUE(sent.starts_with(
      "PATCH /apis/apps/v1/namespaces/ns/deployments/x?fieldManager=me&force=true HTTP/1.1\r\n"));
  EXPECT_NE(sent.find("Authorization:Bearer secret\r\n"), std::string::npos);
  EXPECT_NE(sent.find("Content-Type:application/apply-patch+yaml\r\n"), std::string::npos);
  EXPECT_NE(sent.find("User-Agent:faisca-test\r\n"), std::string::npos);
  EXPECT_NE(sent.find(R"("kind":"Deployment")"), std::string::npos);
}

TEST_F(RestClientTest, WaitsAsLongAsTheServerAsksAndTriesAgain) {
  connect();
  server_.answer(429, "{}", "Retry-After: 1\r\n");
  server_.answer(201, "{}");
  const SteadyTime begun = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of(create_), Code::kOk);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, seconds(1));
  EXPECT_EQ(client_->counters().retries, 1u);
  EXPECT_EQ(client_->counters().writes, 2u);
}

TEST_F(RestClientTest, GivesUpAfterItsTries) {
  connect({}, {.tries = 3});
  for (int i = 0; i < 5; ++i) server_.answer(503, R"({"kind": "Status", "message": "etcd is slow"})");
  const auto answer = client_->send(get_);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::kUnavailable);
  EXPECT_EQ(answer.error().text(), "etcd is slow (while get pods ns/x)");
  EXPECT_EQ(server_.requests().size(), 3u);
}

TEST_F(RestClientTest, DoesNotRepeatA500) {
  connect();
  server_.answer(
      500, R"({"kind": "Status", "code": 500, "reason": "InternalError", "message": "webhook failed"})");
  EXPECT_EQ(code_of(get_), Code::kInternal);
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(RestClientTest, RepeatsAGetWhoseConnectionBroke) {
  connect();
  server_.answer("");
  server_.answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":");
  server_.answer(200, "{}");
  EXPECT_EQ(code_of(get_), Code::kOk);
  EXPECT_EQ(server_.requests().size(), 3u);
}

TEST_F(RestClientTest, NeverRepeatsACreateWhoseConnectionBroke) {
  connect();
  server_.answer("");
  server_.answer(201, "{}");
  EXPECT_EQ(code_of(create_), Code::kUnavailable);
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(RestClientTest, EndsARequestThatIsNotAnswered) {
  connect();
  server_.answer_and_wait("");
  Request request = get_;
  request.timeout = milliseconds(200);
  const SteadyTime begun = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of(request), Code::kDeadlineExceeded);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds(20));
}

TEST_F(RestClientTest, EndsARequestThatIsStopped) {
  connect();
  server_.answer_and_wait("");
  server_.answer(429, "{}", "Retry-After: 20\r\n");
  for (int i = 0; i < 2; ++i) {  // while it waits for an answer, and between two tries
    std::stop_source stop;
    Request request = get_;
    request.stop = stop.get_token();
    const size_t before = server_.requests().size();
    std::jthread stopper([&] {
      while (server_.requests().size() == before) std::this_thread::yield();
      stop.request_stop();
    });
    EXPECT_EQ(code_of(request), Code::kCancelled);
  }
}

TEST_F(RestClientTest, EndsAnAnswerThatStopsInTheMiddle) {
  connect();
  server_.answer_and_wait("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
  Request request = get_;
  request.timeout = milliseconds(200);
  EXPECT_EQ(code_of(request), Code::kDeadlineExceeded);
}

TEST_F(RestClientTest, SaysWhatItGotInsteadOfJson) {
  connect();
  server_.answer(200, "<html>log in first</html>");
  const auto answer = client_->send(get_);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().text().find("<html>log in first"), std::string::npos);
}

TEST_F(RestClientTest, ReadsTheTokenAgainWhenItIsRefused) {
  testing::TemporaryFolder folder;
  const auto file = folder.path() / "token";
  ASSERT_TRUE(write_file_atomic(file, "t"));
  connect({.token = {.data = "", .file = file}});
  server_.answer(401, R"({"kind": "Status"})");
  server_.answer(200, "{}");
  EXPECT_EQ(code_of(get_), Code::kOk);
  server_.answer(401, R"({"kind": "Status"})");
  server_.answer(401, R"({"kind": "Status"})");
  EXPECT_EQ(code_of(get_), Code::kUnauthenticated);
  EXPECT_EQ(server_.requests().size(), 4u);
}

TEST_F(RestClientTest, HoldsRequestsBackThatComeTooFast) {
  connect({}, {.requests_per_second = 20, .burst = 1});
  for (int i = 0; i < 5; ++i) server_.answer(200, "{}");
  const SteadyTime begun = std::chrono::steady_clock::now();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(code_of(get_), Code::kOk);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds(190));
  EXPECT_GE(client_->counters().waits, 1u);
}

const char kWatchHead[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
std::string chunk(const std::string& text) {
  std::array<char, 16> size;
  std::snprintf(size.data(), size.size(), "%zx\r\n", text.size());
  return size.data() + text + "\r\n";
}

TEST_F(RestClientTest, StreamsLinesAsTheyCome) {
  connect();
  server_.answer(kWatchHead + chunk("one\ntw") + chunk("o\n") + chunk("three") + "0\r\n\r\n");
  std::vector<std::string> lines;
  const auto outcome = client_->stream(get_,
                                       [&](std::string_view line) {
                                         lines.emplace_back(line);
                                         return true;
                                       },
                                       {});
  EXPECT_TRUE(outcome) << outcome.error().text();
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two", "three"}));
}

TEST_F(RestClientTest, EndsAStreamThatFallsSilent) {
  connect();
  server_.answer_and_wait(kWatchHead + chunk("one\n"));
  Request request = get_;
  request.timeout = milliseconds(200);
  int lines = 0;
  const auto outcome = client_->stream(request, [&](std::string_view) { return ++lines > 0; }, {});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::kDeadlineExceeded);
  EXPECT_EQ(lines, 1);
}

TEST_F(RestClientTest, EndsAStreamWhenItIsStopped) {
  connect();
  server_.answer_and_wait(kWatchHead + chunk("one\n"));
  std::stop_source stop;
  const auto outcome = client_->stream(
      get_,
      [&](std::string_view) {
        stop.request_stop();
        return true;
      },
      stop.get_token());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::kCancelled);
}

TEST_F(RestClientTest, EndsAStreamWhenTheSinkHasEnough) {
  connect();
  server_.answer_and_wait(kWatchHead + chunk("one\ntwo\n"));
  EXPECT_TRUE(client_->stream(get_, [](std::string_view) { return false; }, {}));
}

TEST_F(RestClientTest, SaysWhyAStreamWasRefusedOrCut) {
  connect();
  server_.answer(410, R"({"kind": "Status", "code": 410, "message": "too old resource version"})");
  const auto sink = [](std::string_view) { return true; };
  EXPECT_EQ(client_->stream(get_, sink, {}).error().code, Code::kOutOfRange);
  server_.answer(kWatchHead + chunk("one\n"));
  EXPECT_EQ(client_->stream(get_, sink, {}).error().code, Code::kUnavailable);
}

TEST(RestClientCreation, SaysWhatIsWrongWithTheConfiguration) {
  testing::TemporaryFolder folder;
  ASSERT_TRUE(write_file_atomic(folder.path() / "bad.pem", "-----BEGIN CERTIFICATE-----\nnonsense\n"));
  const Material bad{.data = "", .file = folder.path() / "bad.pem"};
  const auto refusal = [](Config config) {
    const auto client = RestClient::create(std::move(config));
    return client ? std::string("accepted") : client.error().text();
  };
  EXPECT_NE(refusal({.server = "https://h", .certificate = bad, .key = bad}).find("client certificate ("),
            std::string::npos);
  EXPECT_NE(refusal({.server = "https://h", .authority = {.data = "", .file = "/no/such"}}).find("/no/such"),
            std::string::npos);
  EXPECT_NE(refusal({.server = "https://h", .authority = bad}).find("CA certificate"), std::string::npos);
  EXPECT_NE(refusal({.server = "h ttp://"}).find("not an API server's address"), std::string::npos);
}

TEST(RestClientCreation, NobodyListening) {
  int port = 0;
  {
    ScriptedServer gone;
    port = std::stoi(gone.url().substr(gone.url().rfind(':') + 1));
  }
  auto client = RestClient::create({.server = "http://127.0.0.1:" + std::to_string(port)}, {.tries = 2});
  ASSERT_TRUE(client);
  const auto answer = (*client)->send(create(kPods, {{"metadata", {{"name", "x"}}}}));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::kUnavailable);
  EXPECT_EQ((*client)->counters().requests, 2u);  // it was never sent, so it may be tried again
}

}  // namespace
}  // namespace faisca::kube
