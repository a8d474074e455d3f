// What happens to client, informers and leader when the server itself goes away, or its store hangs.
#include <signal.h>

#include <nlohmann/json.hpp>

#include "lib/kube/leader.h"
#include "lib/kube/object.h"
#include "tests/component/kube/kube_world.h"
#include "tests/component/kube/own_control_plane.h"

namespace faisca::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Result<std::string> value(const Json& object) { return text_at(object, "/data/v"); }

class Outages : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_FALSE(test_kubeconfig().empty()) << "FAISCA_TEST_KUBECONFIG is not set: run this by ctest";
    plane_.emplace(test_kubeconfig().parent_path() / "control");
    client_ = *RestClient::create(*load_kubeconfig(plane_->kubeconfig()), {.requests_per_second = 0});
    informer_.emplace(
        *client_, ReflectorSettings{.resource = kConfigMaps, .space = "default", .backoff = quick_}, value);
    informer_->start();
    ASSERT_TRUE(informer_->wait_synced(seconds(60)));
    election_.emplace(*client_, clock_, LeaderSettings{.lease = {"default", "lease"}, .identity = "me"},
                      nullptr);
    election_->start();
    ASSERT_TRUE(eventually([&] { return election_->is_leader(); }));
  }
  Status put(const std::string& name, const std::string& v) {
    Json object = make_object(kConfigMaps, {"default", name});
    object["data"]["v"] = v;
    Request request = apply(kConfigMaps, object, "test");
    request.timeout = seconds(2);
    FAISCA_TRY(stored, client_->send(request));
    return {};
  }
  static bool is_no_answer(const Status& outcome) {
    return !outcome &&
           (outcome.error().code == Code::kUnavailable || outcome.error().code == Code::kDeadlineExceeded);
  }
  bool sees(const std::string& name, const std::string& v) {
    return eventually([&] {
      const auto item = informer_->get({"default", name});
      return item && item->value == v;
    });
  }

  const Backoff::Settings quick_{.first = milliseconds(20), .longest = milliseconds(200)};
  RealClock clock_;
  std::optional<OwnControlPlane> plane_;
  std::unique_ptr<RestClient> client_;
  std::optional<Informer<std::string>> informer_;
  std::optional<LeaderElection> election_;
};

TEST_F(Outages, AServerThatIsKilledAndStartedAgain) {
  ASSERT_TRUE(put("a", "1"));
  ASSERT_TRUE(sees("a", "1"));
  plane_->kill("kube-apiserver");
  EXPECT_TRUE(is_no_answer(put("a", "lost")));
  ASSERT_TRUE(eventually([&] { return !election_->is_leader(); }));  // after ten seconds at the latest
  plane_->start("kube-apiserver");
  ASSERT_TRUE(eventually([&] { return put("a", "2").has_value(); }));
  EXPECT_TRUE(sees("a", "2"));
  EXPECT_TRUE(eventually([&] { return election_->is_leader(); }));
}

TEST_F(Outages, AStoreThatHangs) {
  ASSERT_TRUE(put("a", "1"));
  ASSERT_TRUE(sees("a", "1"));
  plane_->signal("etcd", SIGSTOP);
  EXPECT_TRUE(is_no_answer(put("a", "2")));
  plane_->signal("etcd", SIGCONT);
  ASSERT_TRUE(eventually([&] { return put("a", "3").has_value(); }));
  EXPECT_TRUE(sees("a", "3"));
  EXPECT_TRUE(eventually([&] { return election_->is_leader(); }));
}

}  // namespace
}  // namespace faisca::kube
