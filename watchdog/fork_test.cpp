// Fork mode end to end: a real watchdog, real sockets, real handlers. The contract: OpenFaaS's classic
// watchdog.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "watchdog/testing/test_watchdog.h"

namespace faisca::watchdog {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

TestWatchdog::Options handler(std::vector<std::string> words,
                              std::map<std::string, std::string> environment = {}) {
  words.insert(words.begin(), FAISCA_TEST_HANDLER);
  return {.binary = FAISCA_WATCHDOG, .handler = std::move(words), .environment = std::move(environment)};
}

TEST(Fork, AnswersWithTheOutputOfTheHandler) {
  TestWatchdog watchdog(handler({"echo"}));
  const Answer answer =
      watchdog.request("POST", "/", "hello", {"Content-Type: text/x-test", "X-Call-Id: call-1"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hello");
  EXPECT_EQ(answer.headers.at("content-type"), "text/x-test");
  EXPECT_EQ(answer.headers.at("x-call-id"), "call-1");
  EXPECT_THAT(answer.headers.at("x-duration-seconds"), MatchesRegex("[0-9]+\\.[0-9]{6}"));
  EXPECT_TRUE(answer.headers.contains("date"));
}

TEST(Fork, TakesTheCommandFromFprocess) {
  TestWatchdog watchdog(
      {.binary = FAISCA_WATCHDOG, .environment = {{"fprocess", std::string(FAISCA_TEST_HANDLER) + " echo"}}});
  EXPECT_EQ(watchdog.post("hello").body, "hello");
}

TEST(Fork, RunsAScript) {
  TestWatchdog watchdog({.binary = FAISCA_WATCHDOG, .handler = {FAISCA_TESTDATA "/greet.sh"}});
  EXPECT_EQ(watchdog.post("Ana").body, "Hello, Ana\n");
}

TEST(Fork, GivesAnEmptyBodyAsAnEmptyInput) {
  TestWatchdog watchdog(handler({"echo"}));
  const Answer answer = watchdog.request("GET", "/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
}

TEST(Fork, StreamsBodiesLargerThanAnyBuffer) {
  TestWatchdog watchdog(handler({"echo"}));
  std::string body(5'000'000, 'a');
  for (size_t i = 0; i < body.size(); i += 7) body[i] = static_cast<char>('a' + i % 26);
  const Answer answer = watchdog.post(body);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.complete);
  EXPECT_TRUE(answer.body == body);
}

TEST(Fork, TellsTheHandlerAboutTheRequest) {
  TestWatchdog watchdog(handler({"environment"}, {{"QUALITY", "80"}, {"FAISCA_HOME", "/h"}}));
  const Answer answer =
      watchdog.request("PUT", "/a%20b/c?x=1&y=2", "12345", {"X-Custom-header: v", "Proxy: http://evil"});
  EXPECT_THAT(answer.body, AllOf(HasSubstr("Http_Method=PUT\n"), HasSubstr("Http_Path=/a b/c\n"),
                                 HasSubstr("Http_Query=x=1&y=2\n"), HasSubstr("Http_ContentLength=5\n"),
                                 HasSubstr("Http_Content_Length=5\n"), HasSubstr("Http_Host=test\n"),
                                 HasSubstr("Http_X_Custom_Header=v\n"), HasSubstr("QUALITY=80\n")));
  EXPECT_THAT(answer.body, AllOf(HasSubstr("FAISCA_HOME=/h\n"), Not(HasSubstr("FAISCA_LISTEN_FD")),
                                 Not(HasSubstr("evil"))));
}

TEST(Fork, KeepsTheRequestFromTheHandlerWithoutCgiHeaders) {
  TestWatchdog watchdog(handler({"environment"}, {{"cgi_headers", "false"}}));
  EXPECT_THAT(watchdog.request("GET", "/").body, Not(HasSubstr("Http_")));
}

TEST(Fork, LogsTheLinesThatTheContractNames) {
  TestWatchdog watchdog(handler({"echo"}));
  watchdog.post("hello");
  EXPECT_TRUE(watchdog.wait_for_log("\nForking fprocess.\nWrote 5 Bytes - Duration: "));
}

TEST(Fork, PutsStderrIntoTheBody) {
  TestWatchdog watchdog(handler({"stderr"}));
  EXPECT_EQ(watchdog.post("out;").body, "out;a line\nhalf a line");
}

TEST(Fork, PutsStderrIntoTheLogWhenAsked) {
  TestWatchdog watchdog(handler({"stderr"}, {{"combine_output", "false"}}));
  EXPECT_EQ(watchdog.post("out;").body, "out;");
  EXPECT_TRUE(watchdog.wait_for_log("\nstderr: a line\nstderr: half a line\n"));
}

TEST(Fork, OverridesTheContentType) {
  TestWatchdog watchdog(handler({"echo"}, {{"content_type", "image/png"}}));
  EXPECT_EQ(watchdog.request("POST", "/", "x", {"Content-Type: text/plain"}).headers.at("content-type"),
            "image/png");
}

TEST(Fork, RefusesMethodsThatTheContractDoesNotName) {
  TestWatchdog watchdog(handler({"echo"}));
  const Answer answer = watchdog.request("OPTIONS", "/");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.at("allow"), "GET, POST, PUT, PATCH, DELETE");
}

TEST(Fork, RefusesMoreRequestsThanTheLimit) {
  TestWatchdog watchdog(handler({"echo"}, {{"max_inflight", "1"}}));
  TestClient first(watchdog.port());
  first.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return watchdog.request("GET", "/_/ready").status == 429; }));
  const Answer second = watchdog.post("x");
  EXPECT_EQ(second.status, 429);
  EXPECT_THAT(second.body, HasSubstr("max_inflight"));
  EXPECT_EQ(second.headers.at("x-openfaas-internal"), "faisca-watchdog");
  first.send("hello");
  EXPECT_EQ(first.read_answer().body, "hello");
  EXPECT_EQ(watchdog.post("x").status, 200);
}

TEST(Fork, CountsRequestsInMetrics) {
  TestWatchdog watchdog(handler({"echo"}));
  watchdog.post("a");
  watchdog.post("b");
  watchdog.request("OPTIONS", "/");
  TestClient client(watchdog.metrics_port());
  client.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  const Answer answer = client.read_answer();
  EXPECT_THAT(
      answer.body,
      AllOf(HasSubstr("http_requests_total{code=\"200\",method=\"post\"} 2"),
            HasSubstr("http_requests_total{code=\"405\",method=\"options\"} 1"),
            HasSubstr("http_request_duration_seconds_bucket{code=\"200\",method=\"post\",le=\"0.005\"}"),
            HasSubstr("http_requests_in_flight 0")));
}

TEST(Fork, IsHealthyWhileItsLockFileExists) {
  TestWatchdog watchdog(handler({"echo"}));
  EXPECT_EQ(watchdog.request("GET", "/_/health").body, "OK");
  EXPECT_EQ(watchdog.request("POST", "/_/health", "x").status, 405);
  EXPECT_TRUE(std::filesystem::exists(watchdog.lock_file()));
  std::filesystem::remove(watchdog.lock_file());
  EXPECT_EQ(watchdog.request("GET", "/_/health").status, 503);
  EXPECT_EQ(watchdog.request("GET", "/_/ready").status, 503);
}

TEST(Fork, MakesNoLockFileWhenToldSo) {
  TestWatchdog watchdog(handler({"echo"}, {{"suppress_lock", "true"}}));
  EXPECT_EQ(watchdog.request("GET", "/_/ready").status, 200);
  EXPECT_FALSE(std::filesystem::exists(watchdog.lock_file()));
}

TEST(Fork, FinishesRequestsInProgressAtSigterm) {
  TestWatchdog watchdog(handler({"echo"}));
  TestClient client(watchdog.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe");
  ASSERT_EQ(watchdog.request("GET", "/_/ready").status, 200);
  watchdog.signal(SIGTERM);
  EXPECT_TRUE(watchdog.wait_for_log("shutting down"));
  EXPECT_FALSE(std::filesystem::exists(watchdog.lock_file()));
  client.send("llo");
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.body, "hello");
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(watchdog.wait().success());
}

TEST(Fork, ServesOnForTheHealthcheckInterval) {
  TestWatchdog watchdog(handler({"echo"}, {{"healthcheck_interval", "60s"}}));
  ASSERT_EQ(watchdog.post("x").status, 200);
  watchdog.signal(SIGTERM);
  EXPECT_TRUE(watchdog.wait_for_log("shutting down"));
  EXPECT_EQ(watchdog.request("GET", "/_/health").status, 503);
  EXPECT_EQ(watchdog.post("still").body, "still");
  watchdog.signal(SIGTERM);
  EXPECT_TRUE(watchdog.wait().success());
}

TEST(Fork, EndsConnectionsWithTheirNextAnswerAfterSigterm) {
  TestWatchdog watchdog(handler({"echo"}, {{"healthcheck_interval", "60s"}}));
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi";
  TestClient kept(watchdog.port());
  kept.send(post);
  EXPECT_FALSE(kept.read_answer().headers.contains("connection"));
  watchdog.signal(SIGTERM);
  ASSERT_TRUE(watchdog.wait_for_log("shutting down"));
  TestClient fresh(watchdog.port());
  for (TestClient* client : {&kept, &fresh}) {
    client->send(post);
    const Answer answer = client->read_answer();
    EXPECT_EQ(answer.body, "hi");
    EXPECT_EQ(answer.headers.at("connection"), "close");
    EXPECT_TRUE(client->at_end());
  }
  watchdog.signal(SIGTERM);
  EXPECT_TRUE(watchdog.wait().success());
}

TEST(Fork, TestsTheLockFileForProbes) {
  TestWatchdog watchdog(handler({"echo"}));
  ASSERT_EQ(watchdog.post("x").status, 200);
  process::Command probe{.path = FAISCA_WATCHDOG};
  probe.arguments = {FAISCA_WATCHDOG, "-run-healthcheck"};
  probe.environment = {"FAISCA_LOCK_FILE=" + watchdog.lock_file()};
  EXPECT_EQ(process::wait(process::spawn(probe)->pidfd.get())->status, 0);
  std::filesystem::remove(watchdog.lock_file());
  EXPECT_EQ(process::wait(process::spawn(probe)->pidfd.get())->status, 1);
}

TEST(Fork, DoesNotStartWithoutAHandler) {
  TestWatchdog watchdog({.binary = FAISCA_WATCHDOG});
  EXPECT_EQ(watchdog.wait().status, 1);
  EXPECT_THAT(watchdog.log(), HasSubstr("no handler given; hint: set fprocess"));
}

TEST(Fork, DoesNotStartWithAMissingBinary) {
  TestWatchdog watchdog({.binary = FAISCA_WATCHDOG, .handler = {"/no/such/handler"}});
  EXPECT_EQ(watchdog.wait().status, 1);
  EXPECT_THAT(watchdog.log(), StartsWith("faisca-watchdog: no program \"/no/such/handler\""));
}

TEST(Fork, DoesNotStartWithASettingThatDoesNotParse) {
  TestWatchdog watchdog(handler({"echo"}, {{"exec_timeout", "soon"}}));
  EXPECT_EQ(watchdog.wait().status, 1);
  EXPECT_THAT(watchdog.log(), HasSubstr("exec_timeout: \"soon\""));
}

TEST(Fork, SaysWhenItsPortIsTaken) {
  TestWatchdog first(handler({"echo"}));
  TestWatchdog second(
      handler({"echo"}, {{"FAISCA_LISTEN_FD", "-1"}, {"port", std::to_string(first.port())}}));
  EXPECT_EQ(second.wait().status, 1);
  EXPECT_THAT(second.log(), HasSubstr("cannot listen on port " + std::to_string(first.port())));
}

}  // namespace
}  // namespace faisca::watchdog
