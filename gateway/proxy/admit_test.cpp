#include "gateway/proxy/admit.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace faisca::gateway {
namespace {

Entry entry(std::vector<int> loads, int per_instance) {
  auto state = std::make_shared<cluster::FunctionState>();
  state->function.spec.concurrency.per_instance = per_instance;
  Entry made;
  made.state = state;
  for (size_t i = 0; i < loads.size(); ++i) {
    made.instances.push_back(
        std::make_shared<Instance>(cluster::Endpoint{std::to_string(i), "127.0.0.1", 1}));
    made.instances.back()->in_flight = loads[i];
  }
  return made;
}

TEST(Admit, TakesTheInstanceWithTheFewestRequests) {
  const Entry e = entry({3, 1, 2}, 10);
  Admitted admitted = admit(e, 0);
  ASSERT_EQ(admitted.admission, Admission::kAdmitted);
  EXPECT_EQ(admitted.lease.instance(), e.instances[1]);
  EXPECT_EQ(e.instances[1]->in_flight, 2);
  admitted.lease = Lease();
  EXPECT_EQ(e.instances[1]->in_flight, 1);
}

TEST(Admit, LetsEqualInstancesTakeTurns) {
  const Entry e = entry({0, 0, 0}, 10);
  for (size_t turn = 0; turn < 6; ++turn) EXPECT_EQ(admit(e, turn).lease.instance(), e.instances[turn % 3]);
}

TEST(Admit, RefusesWhenEveryInstanceIsFull) {
  EXPECT_EQ(admit(entry({2, 2}, 2), 0).admission, Admission::kBusy);
  EXPECT_EQ(admit(entry({2, 1}, 2), 0).admission, Admission::kAdmitted);
  EXPECT_EQ(admit(entry({1000}, 0), 0).admission, Admission::kAdmitted);
  EXPECT_EQ(admit(entry({}, 2), 0).admission, Admission::kNoInstance);
}

TEST(Admit, LeavesAnUnreachableInstanceAside) {
  const Entry e = entry({0, 5}, 10);
  EXPECT_EQ(admit(e, 0, std::array{e.instances[0]}).lease.instance(), e.instances[1]);
  const Entry one = entry({0}, 10);
  EXPECT_EQ(admit(one, 0, std::array{one.instances[0]}).admission, Admission::kNoInstance);
}

TEST(Admit, LeavesSeveralUnreachableInstancesAside) {
  const Entry e = entry({0, 0, 5}, 10);
  EXPECT_EQ(admit(e, 0, std::array{e.instances[1], e.instances[0]}).lease.instance(), e.instances[2]);
  EXPECT_EQ(admit(e, 0, e.instances).admission, Admission::kNoInstance);
}

TEST(Admit, NeverGoesOverTheLimitFromSeveralThreads) {
  const Entry e = entry({0, 0}, 3);
  std::atomic<int> most = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (size_t turn = 0; turn < 5000; ++turn) {
        const Admitted admitted = admit(e, turn);
        for (const InstancePtr& instance : e.instances) {
          if (int now = instance->in_flight; now > most) most = now;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 3);
  for (const InstancePtr& instance : e.instances) EXPECT_EQ(instance->in_flight, 0);
}

}  // namespace
}  // namespace faisca::gateway
