// Informers on a real API server, behind a wire that breaks.
#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>

#include "lib/kube/object.h"
#include "tests/component/kube/kube_world.h"
#include "tests/component/kube/wire.h"

namespace faisca::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Result<std::string> value(const Json& object) { return text_at(object, "/data/v"); }

class Informers : public KubeWorld {
 protected:
  void SetUp() override {
    KubeWorld::SetUp();
    wire_ = std::make_unique<Wire>(config().server);
    behind_ = connect(wire_->url());
  }
  void start(ReflectorSettings settings = {}) {
    settings.resource = kConfigMaps;
    settings.space = space();
    settings.field_selector = "metadata.name!=kube-root-ca.crt";
    settings.backoff = {.first = milliseconds(20), .longest = milliseconds(200)};
    informer_ = std::make_unique<Informer<std::string>>(*behind_, settings, value);
    informer_->on_event([this](const auto& before, const auto& after) {
      ++(before ? (after ? updated_ : deleted_) : added_);
    });
    informer_->start();
    ASSERT_TRUE(informer_->wait_synced(seconds(60)));
  }
  std::string value_of(const std::string& name) {
    const auto item = informer_->get({space(), name});
    return item ? item->value : "";
  }
  void drop(const std::string& name) { must(client().send(remove(kConfigMaps, {space(), name}))); }

  std::unique_ptr<Wire> wire_;
  std::unique_ptr<RestClient> behind_;
  std::unique_ptr<Informer<std::string>> informer_;
  std::atomic<int> added_{0}, updated_{0}, deleted_{0};
};

TEST_F(Informers, FollowAThousandObjects) {
  constexpr int kCount = 1'000;
  for (int i = 0; i < kCount / 2; ++i) put("cm-" + std::to_string(i), "1");
  start();
  EXPECT_EQ(informer_->size(), static_cast<size_t>(kCount / 2));
  for (int i = kCount / 2; i < kCount; ++i) put("cm-" + std::to_string(i), "1");
  for (int i = 0; i < kCount; i += 10) put("cm-" + std::to_string(i), "2");
  must(client().send(remove(kConfigMaps, {space(), "cm-1"})));
  EXPECT_TRUE(eventually([&] { return informer_->size() == kCount - 1 && updated_ == kCount / 10; }));
  EXPECT_EQ(added_, kCount);
  EXPECT_EQ(deleted_, 1);
  EXPECT_EQ(value_of("cm-990"), "2");
  EXPECT_EQ(informer_->counters().lists, 1u);
}

TEST_F(Informers, GoOnAfterTheWatchIsCut) {
  put("a", "0");
  start();
  for (int i = 1; i <= 5; ++i) {
    wire_->cut();
    put("a", std::to_string(i));
    EXPECT_TRUE(eventually([&] { return value_of("a") == std::to_string(i); })) << i;
  }
  EXPECT_EQ(informer_->counters().lists, 1u);
  EXPECT_EQ(added_, 1);
}

TEST_F(Informers, CatchUpWithWhatHappenedWhileNothingCameThrough) {
  put("a", "1");
  put("b", "1");
  start();
  wire_->set(Wire::Mode::kClosed);
  ASSERT_TRUE(eventually([&] { return informer_->counters().failures > 2; }));
  put("a", "2");
  drop("b");
  put("c", "1");
  wire_->set(Wire::Mode::kOpen);
  EXPECT_TRUE(
      eventually([&] { return value_of("a") == "2" && value_of("c") == "1" && informer_->size() == 2; }));
  EXPECT_EQ(deleted_, 1);
}

TEST_F(Informers, NoticeAPeerThatIsGoneWithoutAWord) {
  put("a", "1");
  start({.silence = seconds(2)});
  wire_->set(Wire::Mode::kFrozen);
  put("a", "2");
  ASSERT_TRUE(eventually([&] { return informer_->counters().failures > 0; }));
  wire_->set(Wire::Mode::kOpen);
  wire_->cut();
  EXPECT_TRUE(eventually([&] { return value_of("a") == "2"; }));
}

TEST_F(Informers, WatchOnFromABookmarkWithoutAList) {
  put("a", "1");
  start({.watch_time = seconds(1)});  // the server ends each watch after one to two seconds
  put("a", "2");                      // bookmarks come only after the collection has changed
  ASSERT_TRUE(eventually([&] { return informer_->counters().watches >= 3; }));
  put("a", "3");
  EXPECT_TRUE(eventually([&] { return value_of("a") == "3"; }));
  EXPECT_EQ(informer_->counters().lists, 1u);
  EXPECT_EQ(informer_->counters().failures, 0u);
}

// Asks for the first watch from a version that no server has in memory any more.
class StaleOnce final : public Client {
 public:
  explicit StaleOnce(Client& client) : client_(client) {}
  Result<Json> send(const Request& request) override { return client_.send(request); }
  Status stream(const Request& request, const LineSink& line, std::stop_token stop) override {
    Request changed = request;
    for (auto& [name, value] : changed.query)
      if (name == "resourceVersion" && std::exchange(stale_, false)) value = "1";
    return client_.stream(changed, line, stop);
  }

 private:
  Client& client_;
  bool stale_ = true;  // one reflector's thread calls
};

TEST_F(Informers, ListAgainWhenTheServerSaysGone) {
  put("a", "1");
  StaleOnce stale(client());
  Informer<std::string> informer(stale, {.resource = kConfigMaps, .space = space()}, value);
  informer.start();
  ASSERT_TRUE(eventually([&] { return informer.counters().lists == 2; }));
  put("a", "2");
  EXPECT_TRUE(eventually([&] { return informer.get({space(), "a"})->value == "2"; }));
  EXPECT_EQ(informer.counters().failures, 1u);
}

TEST_F(Informers, StopAtOnceWhileNothingComes) {
  start();
  const SteadyTime begun = std::chrono::steady_clock::now();
  informer_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds(10));  // a watch lasts for minutes
}

}  // namespace
}  // namespace faisca::kube
