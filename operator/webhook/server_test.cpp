#include "operator/webhook/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "operator/webhook/testing/https_client.h"

namespace faisca::webhook {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    certificates_ = make();
    ASSERT_TRUE(tls_.set(certificates_));
  }
  static Certificates make() {
    return make_certificates({"127.0.0.1"}, std::chrono::system_clock::now()).value_or(Certificates{});
  }
  void start(ConnectionLimits limits = {}, std::size_t connections = 64) {
    auto server =
        Server::start({.address = "127.0.0.1", .port = 0, .connections = connections, .limits = limits}, tls_,
                      [](const HttpRequest& request) {
                        return HttpResponse{.body = request.method + " " + request.path + " " + request.body};
                      });
    ASSERT_TRUE(server) << server.error().text();
    server_ = *std::move(server);
  }
  std::unique_ptr<HttpsClient> client() {
    return std::make_unique<HttpsClient>(server_->port(), certificates_.authority);
  }

  Certificates certificates_;
  TlsSlot tls_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, AnswersRequestsOneAfterAnotherOnAConnection) {
  start();
  const auto one = client();
  ASSERT_TRUE(one->shook_hands());
  for (int i = 0; i < 3; ++i) {
    const auto answer = one->post("/validate/function", "body " + std::to_string(i));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "POST /validate/function body " + std::to_string(i));
  }
}

TEST_F(ServerTest, TakesChunkedAndLargeBodies) {
  start();
  const auto one = client();
  one->send(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(one->receive().body, "POST / abcde");
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(one->post("/", large).body, "POST / " + large);
}

TEST_F(ServerTest, RefusesABodyThatIsTooLong) {
  start({.body = 1000});
  const auto one = client();
  one->send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_EQ(one->receive().status, 413);
  EXPECT_TRUE(one->hung_up());
  const auto other = client();
  other->send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
              std::string(1001, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(other->receive().status, 413);
}

TEST_F(ServerTest, RefusesWhatIsNoHttp) {
  start();
  const auto one = client();
  one->send("nonsense\r\n\r\n");
  EXPECT_EQ(one->receive().status, 400);
  EXPECT_TRUE(one->hung_up());
}

TEST_F(ServerTest, HangsUpOnAClientThatStopsInTheMiddle) {
  start({.request = 100ms, .idle = 10min});
  const auto one = client();
  one->send("POST / HTTP/1.1\r\nHost: x\r\nContent-Le");
  EXPECT_TRUE(one->hung_up());
}

TEST_F(ServerTest, HangsUpOnAnIdleClient) {
  start({.request = 10min, .idle = 100ms});
  const auto one = client();
  EXPECT_TRUE(one->hung_up());
}

TEST_F(ServerTest, MakesRoomForANewcomerBesideIdleOnes) {
  start({}, 2);
  const auto first = client();
  ASSERT_EQ(first->post("/", "1").status, 200);
  const auto second = client();
  ASSERT_EQ(second->post("/", "2").status, 200);
  const auto third = client();
  EXPECT_EQ(third->post("/", "3").status, 200);
  EXPECT_TRUE(first->hung_up()) << "the one that had been idle for longest";
  EXPECT_EQ(second->post("/", "2").status, 200);
}

TEST_F(ServerTest, UsesANewCertificateForNewConnections) {
  start();
  const auto before = client();
  ASSERT_TRUE(before->shook_hands());
  const Certificates next = make();
  ASSERT_TRUE(tls_.set(next));
  EXPECT_EQ(before->post("/", "x").status, 200) << "an open connection goes on";
  EXPECT_FALSE(client()->shook_hands()) << "the old authority does not know the new certificate";
  certificates_ = next;
  const auto after = client();
  ASSERT_TRUE(after->shook_hands());
  EXPECT_EQ(after->peer(), next.leaf);
}

TEST_F(ServerTest, KeepsItsCertificateWhenTheNewOneCannotBeUsed) {
  Certificates broken = make();
  broken.leaf_key = certificates_.leaf_key;
  EXPECT_FALSE(tls_.set(broken));
  start();
  EXPECT_TRUE(client()->shook_hands());
}

TEST_F(ServerTest, StopsWhileClientsAreConnected) {
  start({.request = 10min, .idle = 10min});
  const auto idle = client();
  const auto half = client();
  ASSERT_TRUE(idle->shook_hands());
  half->send("POST / HTTP/1.1\r\n");
  server_.reset();
  EXPECT_TRUE(idle->hung_up());
}

TEST_F(ServerTest, SaysWhatIsWrongWithTheAddress) {
  const auto server = Server::start({.address = "localhost", .port = 0}, tls_, {});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().text(), HasSubstr("\"localhost\" is not an IP address"));
}

}  // namespace
}  // namespace faisca::webhook
