// Handlers that misbehave, and clients that do: the watchdog answers clearly, loses nothing, and leaves
// nothing behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "watchdog/testing/test_watchdog.h"

namespace faisca::watchdog {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TestWatchdog::Options handler(std::vector<std::string> words,
                              std::map<std::string, std::string> environment = {}) {
  words.insert(words.begin(), FAISCA_TEST_HANDLER);
  return {.binary = FAISCA_WATCHDOG, .handler = std::move(words), .environment = std::move(environment)};
}

std::vector<pid_t> pids_in(const std::filesystem::path& path) {
  std::vector<pid_t> out;
  std::ifstream file(path);
  for (pid_t pid; file >> pid;) out.push_back(pid);
  return out;
}

// Neither running nor a zombie.
bool gone(pid_t pid) { return ::kill(pid, 0) != 0 && errno == ESRCH; }

bool all_gone(const std::filesystem::path& path, size_t count) {
  return eventually([&] {
    const std::vector<pid_t> pids = pids_in(path);
    return pids.size() >= count && std::all_of(pids.begin(), pids.end(), gone);
  });
}

TEST(HostileHandler, ThatExitsWithOneGivesItsReason) {
  TestWatchdog watchdog(handler({"fail"}));
  const Answer answer = watchdog.post("x");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, "the handler exited with status 1\nsome output\nthe reason\n");
}

TEST(HostileHandler, ThatExitsWithOneGivesItsStderrAlsoWhenThatGoesToTheLog) {
  TestWatchdog watchdog(handler({"fail"}, {{"combine_output", "false"}}));
  EXPECT_EQ(watchdog.post("x").body, "the handler exited with status 1\nsome output\nthe reason\n");
  EXPECT_TRUE(watchdog.wait_for_log("stderr: the reason\n"));
}

TEST(HostileHandler, ThatIsKilledNamesTheSignal) {
  TestWatchdog watchdog(handler({"segv"}));
  const Answer answer = watchdog.post("x");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, "the handler was killed by signal 11 (SIGSEGV)\nbefore\n");
}

TEST(HostileHandler, ThatNeverReadsStillAnswers) {
  TestWatchdog watchdog(handler({"never-reads"}));
  const Answer answer = watchdog.post(std::string(3'000'000, 'x'));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "did not read");
}

TEST(HostileHandler, ThatClosesItsInputStillAnswers) {
  TestWatchdog watchdog(handler({"closes-input"}));
  EXPECT_EQ(watchdog.post(std::string(3'000'000, 'x')).body, "closed");
}

// The read time-out is the client's: while the handler is not ready for more, it does not run.
TEST(HostileHandler, ThatReadsLateGetsTheWholeBody) {
  TestWatchdog watchdog(handler({"reads-late"}, {{"read_timeout", "100ms"}}));
  const Answer answer = watchdog.post(std::string(8'000'000, 'x'));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.complete);
  EXPECT_EQ(answer.body.size(), 8'000'000u);
}

TEST(HostileHandler, ThatNeverEndsIsKilledWithItsGroup) {
  TestWatchdog watchdog(handler({"never-ends", "pids"}, {{"exec_timeout", "200ms"}}));
  const Answer answer = watchdog.post("x");
  EXPECT_EQ(answer.status, 408);
  EXPECT_EQ(answer.body, "Killed process.\n");
  EXPECT_EQ(answer.headers.at("x-openfaas-internal"), "faisca-watchdog");
  EXPECT_TRUE(all_gone(watchdog.folder() / "pids", 2));
}

TEST(HostileHandler, ThatNeverEndsIsKilledAtTheCallersTimeout) {
  TestWatchdog watchdog(handler({"never-ends", "pids"}, {{"exec_timeout", "1h"}}));
  EXPECT_EQ(watchdog.request("POST", "/", "x", {"X-Timeout: 100ms"}).status, 408);
  EXPECT_TRUE(all_gone(watchdog.folder() / "pids", 2));
}

TEST(HostileHandler, ThatLeavesAChildBehindDoesNotWaitForIt) {
  TestWatchdog watchdog(handler({"leaves-child", "pids"}));
  const Answer answer = watchdog.post("x");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "parent done");
  EXPECT_TRUE(all_gone(watchdog.folder() / "pids", 1));
}

TEST(HostileHandler, ThatDaemonisesIsSweptUp) {
  TestWatchdog watchdog(handler({"daemon", "pids"}));
  EXPECT_EQ(watchdog.post("x").body, "started");
  EXPECT_TRUE(all_gone(watchdog.folder() / "pids", 1));
  EXPECT_TRUE(watchdog.wait_for_log("killed a process that a handler left behind"));
}

TEST(HostileHandler, ThatWritesForeverIsStreamedAndCutOff) {
  TestWatchdog watchdog(handler({"flood"}, {{"exec_timeout", "300ms"}, {"FAISCA_BUFFER_OUTPUT", "64Ki"}}));
  const Answer answer = watchdog.post("x");
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.complete);
  EXPECT_EQ(watchdog.request("GET", "/_/health").status, 200);
}

// The watchdog's memory stays bounded: the handler waits, is killed at its time-out, and the connection ends.
TEST(HostileHandler, ThatWritesForeverToAClientThatDoesNotReadIsKilled) {
  TestWatchdog watchdog(handler({"flood"}, {{"exec_timeout", "300ms"}}));
  TestClient client(watchdog.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(watchdog.wait_for_log("Killed process"));
  EXPECT_TRUE(watchdog.wait_for_log("killed by signal 9"));
  EXPECT_FALSE(client.read_answer().complete);
}

TEST(HostileHandler, ThatFailsAfterALongOutputBreaksTheAnswerOff) {
  TestWatchdog watchdog(handler({"write", "3000000", "7"}));
  const Answer answer = watchdog.post("x");
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.complete);
  EXPECT_TRUE(watchdog.wait_for_log("exited with status 7"));
}

TEST(HostileHandler, ThatClosesItsOutputEarlyIsWaitedFor) {
  TestWatchdog watchdog(handler({"closes-output"}));
  const Answer answer = watchdog.post("x");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body, "the handler exited with status 3\nearly");
}

TEST(HostileHandler, FindsOnlyItsThreeDescriptors) {
  TestWatchdog watchdog(handler({"descriptors"}));
  EXPECT_EQ(watchdog.post("x").body, "0 1 2 ");
}

TEST(HostileHandler, ThatVanishesIsNamed) {
  TestWatchdog watchdog({.binary = FAISCA_WATCHDOG, .handler = {"./gone"}, .environment = {}});
  // It must exist at the start to get so far.
  EXPECT_EQ(watchdog.wait().status, 1);
  EXPECT_THAT(watchdog.log(), HasSubstr("no program \"./gone\""));
}

TEST(HostileHandler, DiesWithTheWatchdog) {
  TestWatchdog watchdog(handler({"never-ends", "pids"}));
  TestClient client(watchdog.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return pids_in(watchdog.folder() / "pids").size() == 2; }));
  watchdog.signal(SIGTERM);
  ASSERT_TRUE(watchdog.wait_for_log("shutting down"));
  watchdog.signal(SIGTERM);  // do not wait for it
  EXPECT_TRUE(watchdog.wait().success());
  EXPECT_TRUE(all_gone(watchdog.folder() / "pids", 2));
}

TEST(HostileHandler, DiesWithAWatchdogThatIsKilled) {
  TestWatchdog watchdog(handler({"write", "0"}));
  TestWatchdog sleeper({.binary = FAISCA_WATCHDOG,
                        .handler = {"/bin/sh", "-c", "echo $$ > pids; exec sleep 1000"},
                        .environment = {}});
  TestClient client(sleeper.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return pids_in(sleeper.folder() / "pids").size() == 1; }));
  sleeper.signal(SIGKILL);
  sleeper.wait();
  EXPECT_TRUE(all_gone(sleeper.folder() / "pids", 1));
}

TEST(HostileClient, ThatGoesAwayTakesItsHandlerAlong) {
  TestWatchdog watchdog(handler({"never-ends", "pids"}));
  TestClient client(watchdog.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
  ASSERT_TRUE(eventually([&] { return pids_in(watchdog.folder() / "pids").size() == 2; }));
  client.close();
  EXPECT_TRUE(all_gone(watchdog.folder() / "pids", 2));
  TestClient metrics(watchdog.metrics_port());
  metrics.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(
      metrics.read_answer().body,
      AllOf(HasSubstr("http_requests_total{code=\"499\",method=\"post\"} 1"), HasSubstr("in_flight 0")));
}

TEST(HostileClient, ThatSendsTooMuchIsRefused) {
  TestWatchdog watchdog(handler({"echo"}, {{"FAISCA_MAX_BODY", "1000"}}));
  const Answer answer = watchdog.post(std::string(1001, 'x'));
  EXPECT_EQ(answer.status, 413);
  EXPECT_THAT(answer.body, HasSubstr("1001 bytes is over the limit of 1000"));
  EXPECT_EQ(watchdog.post(std::string(1000, 'x')).status, 200);
}

TEST(HostileClient, ThatSendsTooMuchInChunksIsRefused) {
  TestWatchdog watchdog(handler({"echo"}, {{"FAISCA_MAX_BODY", "1000"}}));
  TestClient client(watchdog.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" +
              std::string(1000, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n");
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST(HostileClient, ThatSendsHeadersTooLargeForAnEnvironmentIsRefused) {
  TestWatchdog watchdog(handler({"echo"}));
  EXPECT_EQ(watchdog.request("GET", "/", "", {"X-Big: " + std::string(70'000, 'x')}).status, 431);
}

TEST(HostileClient, ThatNeverFinishesItsRequestIsAnswered408) {
  TestWatchdog watchdog(handler({"echo"}, {{"read_timeout", "100ms"}}));
  TestClient head(watchdog.port()), body(watchdog.port());
  head.send("POST / HTTP/1.1\r\nHo");
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe");
  EXPECT_EQ(head.read_answer().status, 408);
  EXPECT_EQ(body.read_answer().status, 408);
}

TEST(HostileClient, ThatSmugglesIsRefused) {
  TestWatchdog watchdog(handler({"echo"}));
  for (const char* request : {
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
           "POST / HTTP/1.1\r\nHost : x\r\n\r\n",
           "POST / HTTP/1.1\nHost: x\n\n",
           "GET / HTTP/1.1\r\n\r\n",
       }) {
    TestClient client(watchdog.port());
    client.send(request);
    const Answer answer = client.read_answer();
    EXPECT_EQ(answer.status, 400) << request;
    EXPECT_EQ(answer.headers.at("connection"), "close") << request;
    EXPECT_TRUE(client.at_end());
  }
}

}  // namespace
}  // namespace faisca::watchdog
