// The plugin as a kubelet sees it: registration, ListAndWatch, Allocate, and the kubelet's restart.
#include "deviceplugin/kubelet/session.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "deviceplugin/kubelet/service.h"
#include "deviceplugin/testing/fake_kubelet.h"

namespace faisca::deviceplugin {
namespace {

using testing::HasSubstr;
using Slots = FakeKubelet::Slots;

class SessionTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/faisca-kubelet-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
    board_.set(slots_of(1, 2, Health::kHealthy));
  }
  void TearDown() override {
    session_.reset();
    std::filesystem::remove_all(folder_);
  }
  void start() {
    auto session = KubeletSession::start({.folder = folder_}, service_);
    ASSERT_TRUE(session) << session.error().text();
    session_ = *std::move(session);
  }

  static bool two_healthy(const Slots& slots) {
    return slots == Slots{{"engine-0-slot-0", "Healthy"}, {"engine-0-slot-1", "Healthy"}};
  }

  std::filesystem::path folder_;
  SlotBoard board_;
  KubeletService service_{board_, {.host_folder = "/run/faisca", .socket_name = "agent.sock"}};
  std::unique_ptr<KubeletSession> session_;
};

TEST_F(SessionTest, RegistersTheResourceAndListsItsSlots) {
  FakeKubelet kubelet(folder_);
  start();
  ASSERT_TRUE(kubelet.wait_for(two_healthy));
  EXPECT_EQ(kubelet.registration().version(), "v1beta1");
  EXPECT_EQ(kubelet.registration().endpoint(), "faisca.sock");
  EXPECT_EQ(kubelet.registration().resource_name(), "faisca.dev/engine");
  EXPECT_TRUE(kubelet.registration().options().get_preferred_allocation_available());
}

TEST_F(SessionTest, TellsTheKubeletWhenTheDeviceFails) {
  FakeKubelet kubelet(folder_);
  start();
  ASSERT_TRUE(kubelet.wait_for(two_healthy));
  board_.set(slots_of(1, 2, Health::kUnhealthy));
  EXPECT_TRUE(kubelet.wait_for(
      [](const Slots& slots) { return slots.size() == 2 && slots.at("engine-0-slot-1") == "Unhealthy"; }));
  board_.set(slots_of(1, 2, Health::kHealthy));
  EXPECT_TRUE(kubelet.wait_for(two_healthy));
}

TEST_F(SessionTest, GivesAContainerTheAgentsSocket) {
  FakeKubelet kubelet(folder_);
  start();
  ASSERT_TRUE(kubelet.wait_for_registration());
  v1beta1::ContainerAllocateResponse answer;
  const grpc::Status status = kubelet.allocate({"engine-0-slot-1"}, answer);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(answer.envs().at("FAISCA_AGENT"), "unix:/run/faisca/agent.sock");
  ASSERT_EQ(answer.mounts_size(), 1);
  EXPECT_EQ(answer.mounts(0).host_path(), "/run/faisca");
  EXPECT_EQ(answer.mounts(0).container_path(), "/run/faisca");
  EXPECT_TRUE(answer.mounts(0).read_only());
}

TEST_F(SessionTest, RefusesASlotThatDoesNotExist) {
  FakeKubelet kubelet(folder_);
  start();
  ASSERT_TRUE(kubelet.wait_for_registration());
  v1beta1::ContainerAllocateResponse answer;
  const grpc::Status status = kubelet.allocate({"engine-7-slot-0"}, answer);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("engine-7-slot-0"));
}

TEST_F(SessionTest, ProposesSlots) {
  FakeKubelet kubelet(folder_);
  start();
  ASSERT_TRUE(kubelet.wait_for_registration());
  EXPECT_THAT(kubelet.preferred({"engine-0-slot-0", "engine-0-slot-1"}, 1),
              testing::ElementsAre("engine-0-slot-0"));
}

TEST_F(SessionTest, RegistersWithAKubeletThatStartsLater) {
  start();
  FakeKubelet kubelet(folder_);
  EXPECT_TRUE(kubelet.wait_for(two_healthy));
}

TEST_F(SessionTest, RegistersAgainWhenTheKubeletRestarts) {
  auto kubelet = std::make_unique<FakeKubelet>(folder_);
  start();
  ASSERT_TRUE(kubelet->wait_for(two_healthy));
  for (int restart = 0; restart < 3; ++restart) {
    kubelet.reset();
    board_.set(slots_of(1, 2, restart % 2 ? Health::kHealthy : Health::kUnhealthy));
    kubelet = std::make_unique<FakeKubelet>(folder_);
    ASSERT_TRUE(kubelet->wait_for([&](const Slots& slots) {
      return slots.size() == 2 && slots.at("engine-0-slot-0") == (restart % 2 ? "Healthy" : "Unhealthy");
    })) << restart;
  }
  EXPECT_GE(session_->registrations(), 4u);
}

TEST_F(SessionTest, NeedsTheKubeletsFolder) {
  const auto session = KubeletSession::start({.folder = folder_ / "nowhere"}, service_);
  ASSERT_FALSE(session);
  EXPECT_THAT(session.error().text(), HasSubstr("nowhere"));
  EXPECT_THAT(session.error().hint, HasSubstr("kubelet_folder"));
}

}  // namespace
}  // namespace faisca::deviceplugin
