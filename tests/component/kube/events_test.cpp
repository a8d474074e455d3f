// Events as `kubectl describe` finds them.
#include "lib/kube/events.h"

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"
#include "tests/component/kube/kube_world.h"

namespace faisca::kube {
namespace {

using std::chrono::seconds;

constexpr Resource kCoreEvents{"", "v1", "events", "Event"};

class Events : public KubeWorld {
 protected:
  // What kubectl describe asks for.
  Json of(const Json& object) {
    return must(client().send(list(
        kCoreEvents, {.space = space(), .field_selector = "involvedObject.uid=" + uid_of(object)})))["items"];
  }
  RealClock clock_;
};

TEST_F(Events, AreFoundByTheirObjectAndCounted) {
  const Json object = put("x", "1");
  EventRecorder recorder(client(), clock_, {.controller = "faisca.dev/test", .instance = "pod-0"});
  const Happening happening{.subject = {kConfigMaps, key_of(object), uid_of(object)},
                            .type = EventType::kWarning,
                            .reason = "ImagePullFailed",
                            .action = "Reconcile",
                            .message = std::string(2'000, 'm')};
  for (int i = 0; i < 3; ++i) recorder.record(happening);
  ASSERT_TRUE(recorder.wait_written(seconds(30)));
  const Json events = of(object);
  ASSERT_EQ(events.size(), 1u) << events;
  EXPECT_EQ(text_at(events[0], "/reason"), "ImagePullFailed");
  EXPECT_EQ(text_at(events[0], "/type"), "Warning");
  EXPECT_EQ(events[0]["series"]["count"], 3);
  EXPECT_EQ(recorder.dropped(), 0u);
}

TEST_F(Events, OfClusterScopedObjectsAreInDefault) {
  const Json object = must(client().send(get(kNamespaces, {"", space()})));
  EventRecorder recorder(client(), clock_, {.controller = "faisca.dev/test", .instance = "pod-0"});
  recorder.record({.subject = {kNamespaces, key_of(object), uid_of(object)},
                   .reason = "Seen",
                   .action = "Test",
                   .message = "m"});
  ASSERT_TRUE(recorder.wait_written(seconds(30)));
  const Json events = must(client().send(list(
      kCoreEvents, {.space = "default", .field_selector = "involvedObject.uid=" + uid_of(object)})))["items"];
  ASSERT_EQ(events.size(), 1u);
  must(client().send(remove(kCoreEvents, key_of(events[0]))));
}

}  // namespace
}  // namespace faisca::kube
