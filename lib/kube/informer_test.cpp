#include "lib/kube/informer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"
#include "lib/kube/testing/eventually.h"
#include "lib/kube/testing/fake_client.h"

namespace faisca::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::eventually;

Result<std::string> value(const Json& object) {
  const std::string out = text_at(object, "/data/v");
  if (out == "unreadable") return fail(Code::kInvalidArgument, "unreadable");
  return out;
}

class InformerTest : public ::testing::Test {
 protected:
  void put(const std::string& name, const std::string& v, const std::string& space = "ns") {
    Json object = make_object(kConfigMaps, {space, name});
    object["metadata"]["labels"]["owner"] = "o-" + v;
    object["data"]["v"] = v;
    ASSERT_TRUE(client_.send(apply(kConfigMaps, object, "t")));
  }
  void drop(const std::string& name) { ASSERT_TRUE(client_.send(remove(kConfigMaps, {"ns", name}))); }
  void start() {
    informer_.on_event([this](const auto& before, const auto& after) {
      std::lock_guard lock(mutex_);
      seen_.push_back((after ? after->key : before->key).name + ":" + (before ? before->value : "") + ">" +
                      (after ? after->value : ""));
    });
    informer_.index_by(
        [](const auto& item) { return std::vector<std::string>{"v=" + item.value, item.key.space}; });
    informer_.start();
    ASSERT_TRUE(informer_.wait_synced(seconds(20)));
  }
  std::vector<std::string> seen() {
    std::lock_guard lock(mutex_);
    return seen_;
  }
  bool sees(std::vector<std::string> expected) {
    return eventually([&] { return seen() == expected; });
  }

  testing::FakeClient client_;
  std::mutex mutex_;
  std::vector<std::string> seen_;  // guarded by mutex_
  Informer<std::string> informer_{
      client_,
      {.resource = kConfigMaps, .page = 2, .backoff = {.first = milliseconds(1), .longest = milliseconds(5)}},
      value};
};

TEST_F(InformerTest, ListsInPagesThenWatches) {
  for (const char* name : {"a", "b", "c", "d", "e"}) put(name, "1");
  start();
  EXPECT_EQ(informer_.size(), 5u);
  put("c", "2");
  put("f", "1");
  drop("a");
  EXPECT_TRUE(sees({"a:>1", "b:>1", "c:>1", "d:>1", "e:>1", "c:1>2", "f:>1", "a:1>"}));
  EXPECT_EQ(informer_.get({"ns", "c"})->value, "2");
  EXPECT_EQ(informer_.get({"ns", "a"}), nullptr);
  EXPECT_EQ(informer_.counters().lists, 1u);
}

TEST_F(InformerTest, GoesOnFromWhereACutWatchWas) {
  put("a", "1");
  start();
  client_.cut_watches();
  put("a", "2");
  EXPECT_TRUE(sees({"a:>1", "a:1>2"}));
  EXPECT_EQ(informer_.counters().lists, 1u);
}

TEST_F(InformerTest, ListsAgainWhenItsVersionIsTooOldAndNoticesWhatIsGone) {
  put("a", "1");
  put("b", "1");
  put("c", "1");
  start();
  client_.set_fault([](const Request& request) -> std::optional<Error> {
    if (request.rbac_verb() == "watch") return Error{Code::kUnavailable, "down", "", {}};
    return {};
  });
  client_.cut_watches();
  drop("b");
  put("a", "2");
  client_.cut_watches(testing::FakeClient::History::kForgotten);
  client_.set_fault(nullptr);
  EXPECT_TRUE(sees({"a:>1", "b:>1", "c:>1", "a:1>2", "b:1>"}));
  EXPECT_EQ(informer_.counters().lists, 2u);
}

TEST_F(InformerTest, RemovesNothingWhenAListBreaksOff) {
  for (const char* name : {"a", "b", "c", "d"}) put(name, "1");
  start();
  const auto pages = std::make_shared<std::atomic<int>>(0);  // the informer outlives this body
  client_.set_fault([pages](const Request& request) -> std::optional<Error> {
    if (request.rbac_verb() == "list" && ++*pages == 2)
      return Error{Code::kOutOfRange, "continue token expired", "", {}};
    return {};
  });
  client_.cut_watches(testing::FakeClient::History::kForgotten);
  ASSERT_TRUE(eventually([&] { return informer_.counters().lists == 2; }));
  EXPECT_GE(*pages, 3);
  EXPECT_EQ(seen().size(), 4u);
}

TEST_F(InformerTest, FindsItemsByTheirWords) {
  put("a", "1");
  put("b", "1");
  put("c", "2", "other");
  start();
  EXPECT_EQ(informer_.find("v=1").size(), 2u);
  EXPECT_EQ(informer_.find("other").at(0)->key.name, "c");
  put("a", "2");
  drop("b");
  ASSERT_TRUE(eventually([&] { return seen().size() == 5; }));
  EXPECT_TRUE(informer_.find("v=1").empty());
  EXPECT_EQ(informer_.find("v=2").size(), 2u);
}

TEST_F(InformerTest, KeepsOutWhatCannotBeRead) {
  put("a", "1");
  put("b", "unreadable");
  start();
  EXPECT_EQ(informer_.size(), 1u);
  put("a", "unreadable");
  put("b", "1");
  EXPECT_TRUE(sees({"a:>1", "a:1>", "b:>1"}));
}

TEST_F(InformerTest, EndsAtOnceWhenStopped) {
  start();
  informer_.stop();
  put("a", "1");
  EXPECT_TRUE(seen().empty());
}

TEST_F(InformerTest, TriesAgainUntilTheServerIsThere) {
  const auto failures = std::make_shared<std::atomic<int>>(0);  // the informer outlives this body
  client_.set_fault([failures](const Request&) -> std::optional<Error> {
    if (++*failures <= 3) return Error{Code::kUnavailable, "down", "", {}};
    return {};
  });
  start();
  EXPECT_EQ(informer_.counters().failures, 3u);
}

}  // namespace
}  // namespace faisca::kube
