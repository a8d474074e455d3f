#include "lib/kube/leader.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "lib/kube/object.h"
#include "lib/kube/testing/fake_client.h"

namespace faisca::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const ObjectKey kLease{"faisca", "operator"};

LeaderSettings settings(std::string identity) { return {.lease = kLease, .identity = std::move(identity)}; }

struct Replica {
  Replica(Client& client, const Clock& clock, std::string identity)
      : election(client, clock, settings(std::move(identity)), [this](bool is) { told.push_back(is); }) {}
  std::vector<bool> told;
  LeaderElection election;
};

class LeaderTest : public ::testing::Test {
 protected:
  testing::FakeClient client_;
  FakeClock clock_;
  Replica a_{client_, clock_, "a"};
  Replica b_{client_, clock_, "b"};

  void fail_requests_of_all() {
    client_.set_fault([](const Request&) { return Error{Code::kUnavailable, "down", "", {}}; });
  }
};

TEST(LeaseDecision, FollowsTheLease) {
  const SteadyTime now(seconds(100));
  const auto seen = [&](std::string holder, seconds ago, seconds duration) {
    return LeaseView{.holder = std::move(holder), .duration = duration, .exists = true, .seen_at = now - ago};
  };
  const auto step = [&](const LeaseView& view) { return next_step(view, settings("me"), now); };
  EXPECT_EQ(step({}), LeaseStep::kCreate);
  EXPECT_EQ(step(seen("me", seconds(0), seconds(15))), LeaseStep::kRenew);
  EXPECT_EQ(step(seen("me", seconds(99), seconds(15))), LeaseStep::kRenew);
  EXPECT_EQ(step(seen("", seconds(0), seconds(15))), LeaseStep::kTake);
  EXPECT_EQ(step(seen("x", seconds(14), seconds(15))), LeaseStep::kWait);
  EXPECT_EQ(step(seen("x", seconds(15), seconds(15))), LeaseStep::kTake);
  // The holder's duration counts; ours only if it has none.
  EXPECT_EQ(step(seen("x", seconds(15), seconds(60))), LeaseStep::kWait);
  EXPECT_EQ(step(seen("x", seconds(14), seconds(0))), LeaseStep::kWait);
  EXPECT_EQ(step(seen("x", seconds(15), seconds(0))), LeaseStep::kTake);
}

TEST(LeaseDecision, NeverReadsTheTimesOfOthers) {
  const SteadyTime now(seconds(100));
  Json lease = make_object(kLeases, kLease);
  lease["metadata"]["resourceVersion"] = "1";
  lease["spec"] = {
      {"holderIdentity", "x"}, {"leaseDurationSeconds", 15}, {"renewTime", "1971-01-01T00:00:00.000000Z"}};
  LeaseView view = read_lease(lease, {}, now);
  EXPECT_EQ(next_step(view, settings("me"), now), LeaseStep::kWait);
  view = read_lease(lease, view, now + seconds(14));
  EXPECT_EQ(view.seen_at, now);
  lease["spec"]["renewTime"] = "1970-01-01T00:00:00.000000Z";  // backwards, but a renewal all the same
  view = read_lease(lease, view, now + seconds(14));
  EXPECT_EQ(view.seen_at, now + seconds(14));
}

TEST_F(LeaderTest, TheFirstLeadsAndTheSecondWaits) {
  a_.election.step();
  b_.election.step();
  EXPECT_TRUE(a_.election.is_leader());
  EXPECT_FALSE(b_.election.is_leader());
  EXPECT_EQ(b_.election.holder(), "a");
  EXPECT_EQ(a_.told, std::vector<bool>{true});
}

TEST_F(LeaderTest, TheSecondTakesOverWhenTheFirstIsSilent) {
  a_.election.step();
  b_.election.step();
  clock_.advance(milliseconds(14'999));
  b_.election.step();
  EXPECT_FALSE(b_.election.is_leader());
  clock_.advance(milliseconds(1));
  b_.election.step();
  EXPECT_TRUE(b_.election.is_leader());
  EXPECT_FALSE(a_.election.is_leader());
  a_.election.step();
  EXPECT_EQ(a_.told, (std::vector<bool>{true, false}));
  EXPECT_EQ((*client_.send(get(kLeases, kLease)))["spec"]["leaseTransitions"], 1);
}

TEST_F(LeaderTest, AFrozenLeaderKnowsAtOnceThatItIsNone) {
  a_.election.step();
  clock_.advance(seconds(10));
  EXPECT_FALSE(a_.election.is_leader());
}

TEST_F(LeaderTest, ALeaderWithoutAServerGivesUpBeforeAnotherMayTakeOver) {
  a_.election.step();
  fail_requests_of_all();
  for (int i = 0; i < 4; ++i) {
    clock_.advance(seconds(2));
    a_.election.step();
    EXPECT_TRUE(a_.election.is_leader());
  }
  clock_.advance(seconds(2));
  a_.election.step();
  EXPECT_EQ(a_.told, (std::vector<bool>{true, false}));
}

TEST_F(LeaderTest, RenewalsKeepTheLease) {
  a_.election.step();
  for (int i = 0; i < 30; ++i) {
    clock_.advance(seconds(2));
    a_.election.step();
    b_.election.step();
  }
  EXPECT_TRUE(a_.election.is_leader());
  EXPECT_TRUE(b_.told.empty());
}

// A clock whose wall somebody sets.
class SetClock final : public Clock {
 public:
  explicit SetClock(const Clock& clock) : clock_(clock) {}
  SteadyTime now() const override { return clock_.now(); }
  WallTime wall() const override { return clock_.wall() + ahead; }
  std::chrono::hours ahead{0};

 private:
  const Clock& clock_;
};

TEST_F(LeaderTest, AWallClockThatIsSetChangesNothing) {
  SetClock set(clock_);
  Replica holder(client_, set, "holder");
  holder.election.step();
  b_.election.step();
  for (const int hours : {24, -48, 0, -48}) {
    set.ahead = std::chrono::hours(hours);
    clock_.advance(seconds(5));
    holder.election.step();
    b_.election.step();
    EXPECT_TRUE(holder.election.is_leader());
  }
  EXPECT_EQ(holder.told, std::vector<bool>{true});
  // The one that is silent loses the lease after its duration, whatever the wall says.
  clock_.advance(milliseconds(14'999));
  b_.election.step();
  EXPECT_FALSE(b_.election.is_leader());
  clock_.advance(milliseconds(1));
  b_.election.step();
  EXPECT_TRUE(b_.election.is_leader());
}

TEST_F(LeaderTest, OfTwoThatTryAtOnceOneLeads) {
  Replica holder(client_, clock_, "gone");
  holder.election.step();
  a_.election.step();
  b_.election.step();
  clock_.advance(seconds(15));
  // B's whole step comes between A's read and A's write.
  bool once = true;
  client_.set_fault([&](const Request& request) -> std::optional<Error> {
    if (request.verb == Verb::kMergePatch && std::exchange(once, false)) b_.election.step();
    return {};
  });
  a_.election.step();
  EXPECT_FALSE(a_.election.is_leader());
  EXPECT_TRUE(b_.election.is_leader());
}

TEST_F(LeaderTest, StoppingGivesTheLeaseBack) {
  a_.election.start();
  while (!a_.election.is_leader()) std::this_thread::yield();
  a_.election.stop();
  EXPECT_EQ(a_.told, (std::vector<bool>{true, false}));
  b_.election.step();
  EXPECT_TRUE(b_.election.is_leader());
}

// Random pauses, failures and lost answers; at no moment do two lead.
TEST_F(LeaderTest, NeverTwoLeaders) {
  std::mt19937 random(7);
  Replica c(client_, clock_, "c");
  client_.set_fault([&](const Request&) -> std::optional<Error> {
    clock_.advance(milliseconds(random() % 400));
    if (random() % 4 == 0) return Error{Code::kUnavailable, "lost", "", {}};
    return {};
  });
  Replica* const all[] = {&a_, &b_, &c};
  int terms = 0;
  for (int i = 0; i < 5'000; ++i) {
    all[random() % 3]->election.step();
    clock_.advance(milliseconds(random() % (random() % 50 == 0 ? 20'000 : 1'500)));
    int leaders = 0;
    for (Replica* one : all) leaders += one->election.is_leader() ? 1 : 0;
    ASSERT_LE(leaders, 1) << "step " << i;
  }
  for (Replica* one : all) terms += static_cast<int>(one->told.size());
  EXPECT_GT(terms, 20);
}

}  // namespace
}  // namespace faisca::kube
