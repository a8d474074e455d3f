// Leader election between processes' worth of clients on a real API server.
#include <nlohmann/json.hpp>

#include "lib/kube/leader.h"
#include "lib/kube/object.h"
#include "tests/component/kube/kube_world.h"
#include "tests/component/kube/wire.h"

namespace faisca::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Leaders : public KubeWorld {
 protected:
  // One replica with its own connection to the server.
  struct Replica {
    std::unique_ptr<Wire> wire;
    std::unique_ptr<RestClient> client;
    std::unique_ptr<LeaderElection> election;
    bool leads() const { return election->is_leader(); }
  };
  Replica replica(const std::string& identity, LeaderSettings settings = {}) {
    Replica out;
    out.wire = std::make_unique<Wire>(config().server);
    out.client = connect(out.wire->url());
    settings.lease = {space(), "operator"};
    settings.identity = identity;
    out.election = std::make_unique<LeaderElection>(*out.client, clock_, settings, nullptr);
    out.election->start();
    return out;
  }
  // Watches that never two lead while waiting.
  template <class Holds>
  bool eventually_alone(const std::vector<const Replica*>& all, Holds holds) {
    return eventually([&] {
      int leaders = 0;
      for (const Replica* one : all) leaders += one->leads() ? 1 : 0;
      EXPECT_LE(leaders, 1);
      return holds();
    });
  }

  RealClock clock_;
  const LeaderSettings quick_{.lease_duration = milliseconds(2'000),
                              .renew_deadline = milliseconds(1'300),
                              .retry = milliseconds(200)};
};

TEST_F(Leaders, HandOverWhenOneStops) {
  Replica a = replica("a", quick_);
  ASSERT_TRUE(eventually([&] { return a.leads(); }));
  Replica b = replica("b", quick_);
  ASSERT_TRUE(eventually([&] { return b.election->holder() == "a"; }));
  a.election->stop();
  EXPECT_TRUE(eventually_alone({&a, &b}, [&] { return b.leads(); }));
  const Json lease = must(client().send(get(kLeases, {space(), "operator"})));
  EXPECT_EQ(text_at(lease, "/spec/holderIdentity"), "b");
}

TEST_F(Leaders, AreNeverTwoWhenTheOneIsCutOff) {
  Replica a = replica("a", quick_), b = replica("b", quick_);
  ASSERT_TRUE(eventually([&] { return a.leads() || b.leads(); }));
  for (int turn = 0; turn < 3; ++turn) {
    Replica& leader = a.leads() ? a : b;
    Replica& other = a.leads() ? b : a;
    // One way a peer disappears, then the other.
    leader.wire->set(turn == 1 ? Wire::Mode::kFrozen : Wire::Mode::kClosed);
    ASSERT_TRUE(eventually_alone({&a, &b}, [&] { return other.leads(); }));
    leader.wire->set(Wire::Mode::kOpen);
    leader.wire->cut();
    ASSERT_TRUE(
        eventually_alone({&a, &b}, [&] { return leader.election->holder() == other.election->holder(); }));
  }
}

TEST_F(Leaders, FailOverWithinTwentySecondsByDefault) {
  Replica a = replica("a");
  ASSERT_TRUE(eventually([&] { return a.leads(); }));
  Replica b = replica("b");
  ASSERT_TRUE(eventually([&] { return b.election->holder() == "a"; }));
  const SteadyTime gone = clock_.now();
  a.wire->set(Wire::Mode::kFrozen);
  ASSERT_TRUE(eventually_alone({&a, &b}, [&] { return b.leads(); }));
  const double took = std::chrono::duration<double>(clock_.now() - gone).count();
  std::printf("failover after %.1f s\n", took);
  RecordProperty("failover_seconds", std::to_string(took));
  EXPECT_LE(took, 20);
}

}  // namespace
}  // namespace faisca::kube
