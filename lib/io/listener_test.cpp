#include "lib/io/listener.h"

#include <gtest/gtest.h>

namespace faisca::io {
namespace {

TEST(Listener, OpensSeveralSocketsOnOnePort) {
  auto listening = listen_on("127.0.0.1", 0, 3);
  ASSERT_TRUE(listening) << listening.error().text();
  EXPECT_EQ(listening->sockets.size(), 3u);
  EXPECT_NE(listening->port, 0);
}

TEST(Listener, SaysThatAPortIsTakenEvenByASharingListener) {
  auto first = listen_on("127.0.0.1", 0, 2);
  ASSERT_TRUE(first);
  auto second = listen_on("127.0.0.1", first->port, 2);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kAlreadyExists);
  EXPECT_NE(second.error().message.find(std::to_string(first->port)), std::string::npos);
}

TEST(Listener, RefusesWhatIsNotAnAddress) {
  auto listening = listen_on("localhost", 0, 1);
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace faisca::io
