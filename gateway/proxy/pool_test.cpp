#include "gateway/proxy/pool.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

namespace faisca::gateway {
namespace {

using namespace std::chrono_literals;

class PoolTest : public ::testing::Test {
 protected:
  std::unique_ptr<io::Stream> stream() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) != 0) std::abort();
    peers_.emplace_back(fds[1]);
    return std::make_unique<io::Stream>(reactor_, UniqueFd(fds[0]));
  }
  // Lets the reactor see what happened on its sockets.
  void look() {
    reactor_.stop();
    reactor_.run();
  }

  io::Reactor reactor_;
  std::vector<UniqueFd> peers_;
  ProxySettings settings_{.pool_idle = 10s, .pool_size = 2};
  InstancePool pool_{settings_};
  InstancePtr instance_ = std::make_shared<Instance>(cluster::Endpoint{"a", "127.0.0.1", 1});
  SteadyTime now_{1h};
};

TEST_F(PoolTest, GivesBackTheConnectionUsedLast) {
  auto first = stream();
  auto second = stream();
  io::Stream* const last = second.get();
  pool_.put(instance_, std::move(first), now_);
  pool_.put(instance_, std::move(second), now_);
  EXPECT_EQ(pool_.take(instance_, now_).get(), last);
  EXPECT_NE(pool_.take(instance_, now_), nullptr);
  EXPECT_EQ(pool_.take(instance_, now_), nullptr);
}

TEST_F(PoolTest, KeepsNoMoreThanItsSizeAndNothingTooOld) {
  for (int i = 0; i < 3; ++i) pool_.put(instance_, stream(), now_);
  EXPECT_EQ(pool_.size(), 2u);
  EXPECT_EQ(pool_.take(instance_, now_ + 11s), nullptr);
  pool_.put(instance_, stream(), now_);
  pool_.prune(now_ + 9s);
  EXPECT_EQ(pool_.size(), 1u);
  pool_.prune(now_ + 11s);
  EXPECT_EQ(pool_.size(), 0u);
}

TEST_F(PoolTest, NeverGivesOutAConnectionThatItsInstanceClosedOrWroteTo) {
  pool_.put(instance_, stream(), now_);
  pool_.put(instance_, stream(), now_);
  peers_[0].reset();
  ASSERT_EQ(::write(peers_[1].get(), "x", 1), 1);
  look();
  EXPECT_EQ(pool_.take(instance_, now_), nullptr);
}

TEST_F(PoolTest, ForgetsInstancesThatNoOneElseKnows) {
  pool_.put(instance_, stream(), now_);
  instance_.reset();
  pool_.prune(now_);
  EXPECT_EQ(pool_.size(), 0u);
}

}  // namespace
}  // namespace faisca::gateway
