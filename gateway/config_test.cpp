#include "gateway/config.h"

#include <gtest/gtest.h>

namespace faisca::gateway {
namespace {

TEST(GatewayConfig, ReadsItsFlags) {
  GatewayConfig settings;
  Config config("faisca-gateway", "test");
  declare(config, settings);
  const char* arguments[] = {"x", "--port", "0", "--home", "/h", "--instance-wait", "3s", "--reactors", "2"};
  const char* environment[] = {"FAISCA_DRAIN=4s", nullptr};
  const auto action = config.load(9, arguments, environment);
  ASSERT_TRUE(action) << action.error().text();
  EXPECT_EQ(settings.port, 0);
  EXPECT_EQ(settings.home, "/h");
  EXPECT_EQ(settings.proxy.instance_wait, std::chrono::seconds(3));
  EXPECT_EQ(settings.drain, std::chrono::seconds(4));
}

TEST(GatewayConfig, RunsOneReactorPerCoreUpToFour) {
  GatewayConfig settings;
  EXPECT_EQ(reactor_count(settings, 0), 1u);
  EXPECT_EQ(reactor_count(settings, 2), 2u);
  EXPECT_EQ(reactor_count(settings, 64), 4u);
  settings.reactors = 6;
  EXPECT_EQ(reactor_count(settings, 2), 6u);
}

}  // namespace
}  // namespace faisca::gateway
