#include "gateway/config.h"

#include <gtest/gtest.h>

namespace faisca::gateway {
namespace {

TEST(GatewayConfig, ReadsItsFlags) {
  GatewayConfig settings;
  Config config("faisca-gateway", "test");
  EmbeddedConfig embedded;
  declare(config, settings);
  declare(config, embedded);
  const char* arguments[] = {"x", "--port", "0", "--home", "/h", "--instance-wait", "3s", "--reactors", "2"};
  const char* environment[] = {"FAISCA_DRAIN=4s", nullptr};
  const auto action = config.load(9, arguments, environment);
  ASSERT_TRUE(action) << action.error().text();
  EXPECT_EQ(settings.port, 0);
  EXPECT_EQ(embedded.home, "/h");
  EXPECT_EQ(settings.proxy.instance_wait, std::chrono::seconds(3));
  EXPECT_EQ(settings.drain, std::chrono::seconds(4));
}

TEST(GatewayConfig, KnowsTheNamespacesToWatch) {
  struct Case {
    const char* watch;
    const char* standard;
    std::vector<std::string> names;
    bool good = true;
  };
  const Case cases[] = {
      {"", "default", {}},        {"default", "default", {"default"}},
      {"b,a,b", "a", {"a", "b"}}, {"a,b", "default", {}, false},
      {"a,,b", "a", {}, false},   {"a, b", "a", {}, false},
      {"", "", {}, false},        {"", "A", {}, false},
  };
  for (const Case& c : cases) {
    const auto names = watched_namespaces({.function_namespace = c.standard, .watch_namespaces = c.watch});
    ASSERT_EQ(names.has_value(), c.good) << c.watch << " with " << c.standard;
    if (names) EXPECT_EQ(*names, c.names) << c.watch;
  }
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
