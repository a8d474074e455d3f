#include "hw/agent/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstring>
#include <fstream>

#include "api/proto/offload.grpc.pb.h"
#include "lib/base/unique_fd.h"

namespace faisca::agent {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kMaxMessage = 1 << 20;

class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/faisca-server-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  offload::v1alpha1::Offload::CallbackService service_;
};

TEST_F(ServerTest, OnlyItsUserMayOpenTheSocket) {
  const auto socket = folder_ / "a.sock";
  auto server = Server::start(socket, service_, kMaxMessage);
  ASSERT_TRUE(server) << server.error().text();
  struct stat info{};
  ASSERT_EQ(::stat(socket.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(ServerTest, RemovesTheSocketWhenItStops) {
  const auto socket = folder_ / "a.sock";
  auto server = Server::start(socket, service_, kMaxMessage);
  ASSERT_TRUE(server);
  (*server)->shutdown(std::chrono::seconds(1));
  EXPECT_FALSE(std::filesystem::exists(socket));
}

TEST_F(ServerTest, ReplacesASocketThatNobodyServes) {
  const auto socket = folder_ / "a.sock";
  {
    const UniqueFd dead(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(dead.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ASSERT_TRUE(std::filesystem::exists(socket));
  const auto server = Server::start(socket, service_, kMaxMessage);
  EXPECT_TRUE(server) << server.error().text();
}

TEST_F(ServerTest, LeavesAServedSocketAlone) {
  const auto socket = folder_ / "a.sock";
  const auto first = Server::start(socket, service_, kMaxMessage);
  ASSERT_TRUE(first);
  const auto second = Server::start(socket, service_, kMaxMessage);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kAlreadyExists);
  EXPECT_THAT(second.error().message, HasSubstr("another agent serves"));
  EXPECT_TRUE(std::filesystem::exists(socket));
}

TEST_F(ServerTest, NeverRemovesAFileThatIsNoSocket) {
  const auto path = folder_ / "precious";
  std::ofstream(path) << "data";
  const auto server = Server::start(path, service_, kMaxMessage);
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().message, HasSubstr("is not a socket"));
  EXPECT_EQ(std::filesystem::file_size(path), 4u);
}

TEST_F(ServerTest, SaysThatTheFolderIsMissing) {
  const auto server = Server::start(folder_ / "none" / "a.sock", service_, kMaxMessage);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Code::kNotFound);
  EXPECT_THAT(server.error().message, HasSubstr("none does not exist"));
}

TEST(ParseListen, TakesUnixPaths) {
  EXPECT_EQ(parse_listen("unix:/run/a.sock").value(), "/run/a.sock");
  for (const char* bad : {"", "unix:", "/run/a.sock", "127.0.0.1:80", "tcp:1"}) {
    const auto path = parse_listen(bad);
    ASSERT_FALSE(path) << bad;
    EXPECT_EQ(path.error().code, Code::kInvalidArgument);
  }
  const auto long_path = parse_listen("unix:/" + std::string(120, 'x'));
  ASSERT_FALSE(long_path);
  EXPECT_THAT(long_path.error().message, HasSubstr("is 121 bytes long"));
}

}  // namespace
}  // namespace faisca::agent
