#include "lib/health/health_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>

#include "lib/base/unique_fd.h"

namespace faisca {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

UniqueFd connect_to(uint16_t port) {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  return socket;
}

// The whole answer to `request`.
std::string ask(uint16_t port, const std::string& request) {
  const UniqueFd socket = connect_to(port);
  EXPECT_EQ(::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  std::string out;
  char block[1024];
  for (ssize_t count; (count = ::recv(socket.get(), block, sizeof block, 0)) > 0;)
    out.append(block, static_cast<size_t>(count));
  return out;
}

std::string get(uint16_t port, const std::string& path) {
  return ask(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
}

TEST(HealthServer, AnswersWhatItAsks) {
  std::atomic<bool> alive{true}, ready{false};
  const auto server = HealthServer::start("127.0.0.1", 0,
                                          {.alive = [&] { return alive.load(); },
                                           .unready = [&] { return ready ? "" : "the caches are empty"; },
                                           .metrics = [] { return "a_metric 1\n"; }});
  ASSERT_TRUE(server) << server.error().text();
  const uint16_t port = (*server)->port();
  EXPECT_THAT(get(port, "/healthz"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(get(port, "/readyz"),
              testing::AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("the caches are empty")));
  EXPECT_THAT(get(port, "/metrics"),
              testing::AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("\r\n\r\na_metric 1\n")));
  ready = true;
  alive = false;
  EXPECT_THAT(get(port, "/readyz"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(get(port, "/healthz"), StartsWith("HTTP/1.1 503"));
}

TEST(HealthServer, RefusesWhatItDoesNotServe) {
  const auto server = HealthServer::start(
      "127.0.0.1", 0,
      {.alive = [] { return true; }, .unready = [] { return ""; }, .metrics = [] { return ""; }});
  const uint16_t port = (*server)->port();
  EXPECT_THAT(get(port, "/secrets"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(ask(port, "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"),
              StartsWith("HTTP/1.1 405"));
  EXPECT_EQ(ask(port, std::string(20000, 'x') + "\r\n\r\n"), "");
  EXPECT_THAT(get(port, "/healthz"), StartsWith("HTTP/1.1 200"));
}

TEST(HealthServer, OutlivesAClientThatSaysNothing) {
  const auto server = HealthServer::start(
      "127.0.0.1", 0,
      {.alive = [] { return true; }, .unready = [] { return ""; }, .metrics = [] { return ""; }});
  const UniqueFd silent = connect_to((*server)->port());
  EXPECT_THAT(get((*server)->port(), "/healthz"), StartsWith("HTTP/1.1 200"));
}

TEST(HealthServer, SaysThatItsPortIsTaken) {
  const HealthQuestions questions{
      .alive = [] { return true; }, .unready = [] { return ""; }, .metrics = [] { return ""; }};
  const auto first = HealthServer::start("127.0.0.1", 0, questions);
  const auto second = HealthServer::start("127.0.0.1", (*first)->port(), questions);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text(), HasSubstr("is taken"));
}

}  // namespace
}  // namespace faisca
