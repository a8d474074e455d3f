#include "lib/kube/events.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"
#include "lib/kube/testing/fake_client.h"

namespace faisca::kube {
namespace {

using std::chrono::seconds;
using Kind = EventSeries::Decision;

Happening happening(std::string name, std::string message = "m") {
  return {.subject = {kFunctions, {"ns", name}, "uid-" + name},
          .type = EventType::kWarning,
          .reason = "ImagePullFailed",
          .action = "Reconcile",
          .message = std::move(message)};
}

TEST(EventSeries, CountsEqualHappenings) {
  EventSeries series({});
  const SteadyTime now(seconds(1000));
  EXPECT_EQ(series.decide(happening("a"), now, "e1").kind, Kind::kCreate);
  const auto second = series.decide(happening("a"), now + seconds(300), "e2");
  EXPECT_EQ(second.kind, Kind::kContinue);
  EXPECT_EQ(second.name, "e1");
  EXPECT_EQ(second.count, 2);
  EXPECT_EQ(series.decide(happening("a", "other"), now, "e3").kind, Kind::kCreate);
  EXPECT_EQ(series.decide(happening("b"), now, "e4").kind, Kind::kCreate);
}

TEST(EventSeries, BeginsAnewAfterAPause) {
  EventSeries series({});
  const SteadyTime now(seconds(1000));
  series.decide(happening("a"), now, "e1");
  EXPECT_EQ(series.decide(happening("a"), now + seconds(361), "e2").kind, Kind::kCreate);
}

TEST(EventSeries, LimitsWhatOneObjectMayCause) {
  EventSeries series({.burst = 3, .refill = seconds(60)});
  const SteadyTime now(seconds(1000));
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(series.decide(happening("a", std::to_string(i)), now, "e").kind, Kind::kCreate);
  EXPECT_EQ(series.decide(happening("a", "x"), now, "e").kind, Kind::kDrop);
  EXPECT_EQ(series.decide(happening("b"), now, "e").kind, Kind::kCreate);
  EXPECT_EQ(series.decide(happening("a", "x"), now + seconds(60), "e").kind, Kind::kCreate);
  EXPECT_EQ(series.decide(happening("a", "y"), now + seconds(60), "e").kind, Kind::kDrop);
}

TEST(EventSeries, CountsOnWhileItMayNotWrite) {
  EventSeries series({.burst = 1, .refill = seconds(60)});
  const SteadyTime now(seconds(1000));
  series.decide(happening("a"), now, "e1");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(series.decide(happening("a"), now, "e").kind, Kind::kDrop);
  const auto later = series.decide(happening("a"), now + seconds(60), "e");
  EXPECT_EQ(later.kind, Kind::kContinue);
  EXPECT_EQ(later.count, 6);
}

TEST(EventSeries, ForgetsTheOldestWhenThereAreTooMany) {
  EventSeries series({.remembered = 2});
  const SteadyTime now(seconds(1000));
  series.decide(happening("a"), now, "e1");
  series.decide(happening("b"), now + seconds(1), "e2");
  series.decide(happening("c"), now + seconds(2), "e3");
  EXPECT_EQ(series.decide(happening("c"), now + seconds(3), "e").kind, Kind::kContinue);
  EXPECT_EQ(series.decide(happening("a"), now + seconds(4), "e").kind, Kind::kCreate);
}

class EventRecorderTest : public ::testing::Test {
 protected:
  testing::FakeClient client_;
  FakeClock clock_;
  EventRecorder recorder_{client_, clock_, {.controller = "faisca.dev/test", .instance = "pod", .queue = 2}};

  Json events() { return (*client_.send(list(kEvents, {.space = "ns"})))["items"]; }
};

TEST_F(EventRecorderTest, WritesOneObjectForEqualHappenings) {
  for (int i = 0; i < 3; ++i) {
    recorder_.record(happening("a"));
    ASSERT_TRUE(recorder_.wait_written(seconds(20)));
  }
  ASSERT_EQ(events().size(), 1u);
  const Json event = events()[0];
  EXPECT_EQ(event["series"]["count"], 3);
  EXPECT_EQ(event["regarding"]["uid"], "uid-a");
  EXPECT_EQ(event["type"], "Warning");
}

TEST_F(EventRecorderTest, WritesAnotherWhenTheFirstHasExpired) {
  recorder_.record(happening("a"));
  ASSERT_TRUE(recorder_.wait_written(seconds(20)));
  ASSERT_TRUE(client_.send(remove(kEvents, key_of(events()[0]))));
  recorder_.record(happening("a"));
  ASSERT_TRUE(recorder_.wait_written(seconds(20)));
  EXPECT_EQ(events().size(), 1u);
}

TEST_F(EventRecorderTest, CutsLongMessagesBetweenCharacters) {
  std::string message(1022, 'x');
  message += "\xC3\xA9\xC3\xA9";
  recorder_.record(happening("a", message));
  ASSERT_TRUE(recorder_.wait_written(seconds(20)));
  const auto note = events()[0]["note"].get<std::string>();
  EXPECT_LE(note.size(), 1024u);
  EXPECT_TRUE(note.ends_with("x..."));
}

TEST_F(EventRecorderTest, DropsInsteadOfBlocking) {
  std::mutex gate;
  gate.lock();
  client_.set_fault([&](const Request& request) -> std::optional<Error> {
    if (request.verb == Verb::kCreate) std::lock_guard wait(gate);
    return {};
  });
  for (int i = 0; i < 10; ++i) recorder_.record(happening("a", std::to_string(i)));
  EXPECT_GE(recorder_.dropped(), 7u);
  gate.unlock();
  EXPECT_TRUE(recorder_.wait_written(seconds(20)));
  client_.set_fault(nullptr);
}

}  // namespace
}  // namespace faisca::kube
