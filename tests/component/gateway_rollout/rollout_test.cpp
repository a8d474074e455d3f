// Instances come and go under load, as in a rolling update and a scale-down on Kubernetes: an instance gets
// SIGTERM while the gateway still takes it for ready. No request may fail.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <thread>

#include "gateway/testing/world.h"
#include "watchdog/testing/test_watchdog.h"

namespace faisca {
namespace {

using gateway::testing::Response;
using gateway::testing::TestClient;
using gateway::testing::World;
using watchdog::TestWatchdog;

// Longer than the gateway takes to hear of it here; pods are given the same.
constexpr char kServeOn[] = "3s";

std::unique_ptr<TestWatchdog> start_instance() {
  auto made = std::make_unique<TestWatchdog>(
      TestWatchdog::Options{.binary = FAISCA_WATCHDOG,
                            .handler = {"/bin/cat"},
                            .environment = {{"healthcheck_interval", kServeOn}}});
  EXPECT_TRUE(made->wait_for_log("serving"));
  return made;
}

// Clients that keep their connections and send one request after the other.
class Load {
 public:
  explicit Load(uint16_t port) {
    for (int client = 0; client < 4; ++client)
      threads_.emplace_back([this, port, client] { run(port, client); });
  }
  ~Load() { stop(); }

  void stop() {
    stopping_ = true;
    for (std::thread& thread : threads_)
      if (thread.joinable()) thread.join();
  }
  // Returns when so many more have been answered.
  void wait_for(int requests) const {
    const int goal = answered_ + requests;
    EXPECT_TRUE(watchdog::eventually([&] { return answered_ >= goal; })) << "requests are stuck";
  }
  int answered() const { return answered_; }
  int failed() const { return failed_; }

 private:
  void run(uint16_t port, int client) {
    TestClient connection(port);
    for (int i = 0; !stopping_; ++i) {
      // Bodies too: such a request cannot be sent again once it has left.
      const std::string body = i % 4 == 0 ? "" : std::to_string(client) + ":" + std::to_string(i);
      const Response response = connection.request(i % 4 == 0 ? "GET" : "POST", "/function/hello", body);
      const bool good = response.status == 200 && response.body == body;
      if (!good) {
        ADD_FAILURE() << response.status << " " << response.body;
        ++failed_;
      }
      ++answered_;
      if (response.status == 0) return;
    }
  }

  std::atomic<bool> stopping_{false};
  std::atomic<int> answered_{0}, failed_{0};
  std::vector<std::thread> threads_;
};

class Rollout : public ::testing::Test {
 protected:
  void publish(const std::vector<std::unique_ptr<TestWatchdog>>& ready) {
    auto hello = gateway::testing::function("hello");
    for (const auto& instance : ready) hello.at(instance->port());
    world.put(hello.scaled_to(static_cast<int>(ready.size())));
  }

  World world;
};

TEST_F(Rollout, FailsNoRequestWhileEveryInstanceIsReplaced) {
  std::vector<std::unique_ptr<TestWatchdog>> running;
  for (int i = 0; i < 3; ++i) running.push_back(start_instance());
  publish(running);
  Load load(world.port);
  load.wait_for(50);
  std::vector<std::unique_ptr<TestWatchdog>> leaving;
  for (int round = 0; round < 6; ++round) {
    running.push_back(start_instance());
    publish(running);
    // The kubelet and the endpoints' controller do not wait for each other.
    running.front()->signal(SIGTERM);
    ASSERT_TRUE(running.front()->wait_for_log("shutting down"));
    load.wait_for(40);
    leaving.push_back(std::move(running.front()));
    running.erase(running.begin());
    publish(running);
    load.wait_for(20);
  }
  for (const auto& instance : leaving) EXPECT_TRUE(instance->wait().success());
  load.stop();
  EXPECT_EQ(load.failed(), 0) << "of " << load.answered();
}

TEST_F(Rollout, FailsNoRequestWhileScaledDownAndUp) {
  std::vector<std::unique_ptr<TestWatchdog>> running, leaving;
  for (int i = 0; i < 4; ++i) running.push_back(start_instance());
  publish(running);
  Load load(world.port);
  load.wait_for(50);
  // All but one at once, and the gateway hears of it late.
  for (int i = 0; i < 3; ++i) running[static_cast<size_t>(i)]->signal(SIGTERM);
  load.wait_for(60);
  for (int i = 0; i < 3; ++i) {
    leaving.push_back(std::move(running.front()));
    running.erase(running.begin());
  }
  publish(running);
  for (const auto& instance : leaving) EXPECT_TRUE(instance->wait().success());
  running.push_back(start_instance());
  publish(running);
  load.wait_for(50);
  load.stop();
  EXPECT_EQ(load.failed(), 0) << "of " << load.answered();
}

// The gateway is told of three instances of which two are gone without a trace.
TEST_F(Rollout, FindsTheOneInstanceThatStillListens) {
  std::vector<std::unique_ptr<TestWatchdog>> running;
  for (int i = 0; i < 3; ++i) running.push_back(start_instance());
  publish(running);
  for (int i = 0; i < 2; ++i) {
    running[static_cast<size_t>(i)]->signal(SIGKILL);
    running[static_cast<size_t>(i)]->wait();
  }
  Load load(world.port);
  load.wait_for(50);
  load.stop();
  EXPECT_EQ(load.failed(), 0) << "of " << load.answered();
}

}  // namespace
}  // namespace faisca
