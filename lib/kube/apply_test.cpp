#include "lib/kube/apply.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"
#include "lib/kube/testing/fake_client.h"

namespace faisca::kube {
namespace {

Json config_map(Json data) {
  Json out = make_object(kConfigMaps, {"ns", "x"});
  out["data"] = std::move(data);
  stamp(out);
  return out;
}

TEST(Stamp, ChangesWithTheObjectOnly) {
  Json object = config_map({{"a", "1"}});
  const std::string first = annotation_of(object, kAppliedAnnotation);
  EXPECT_EQ(first.size(), 32u);
  stamp(object);
  EXPECT_EQ(annotation_of(object, kAppliedAnnotation), first);
  EXPECT_NE(annotation_of(config_map({{"a", "2"}}), kAppliedAnnotation), first);
}

TEST(Apply, WritesNothingWhenNothingChanges) {
  testing::FakeClient client;
  const Json wanted = config_map({{"a", "1"}});
  EXPECT_EQ(*apply_if_different(client, kConfigMaps, nullptr, wanted, "t"), Applied::kWritten);
  const Json live = *client.send(get(kConfigMaps, {"ns", "x"}));
  EXPECT_EQ(*apply_if_different(client, kConfigMaps, live, wanted, "t"), Applied::kUnchanged);
  EXPECT_EQ(client.writes(), 1u);
}

TEST(Apply, WritesWhenAFieldIsNoLongerWanted) {
  testing::FakeClient client;
  ASSERT_TRUE(apply_if_different(client, kConfigMaps, nullptr, config_map({{"a", "1"}, {"b", "2"}}), "t"));
  const Json live = *client.send(get(kConfigMaps, {"ns", "x"}));
  EXPECT_EQ(*apply_if_different(client, kConfigMaps, live, config_map({{"a", "1"}}), "t"), Applied::kWritten);
  EXPECT_EQ((*client.send(get(kConfigMaps, {"ns", "x"})))["data"], Json({{"a", "1"}}));
}

TEST(Apply, ComparesAStatusInBothDirections) {
  const Json live = Json::parse(R"({"spec": {"x": 1}, "status": {"replicas": 1, "url": "u"}})");
  EXPECT_FALSE(would_change(live, Json::parse(R"({"status": {"replicas": 1, "url": "u"}})"), "status"));
  EXPECT_TRUE(would_change(live, Json::parse(R"({"status": {"replicas": 1}})"), "status"));
  EXPECT_TRUE(would_change(live, Json::parse(R"({"status": {"replicas": 2, "url": "u"}})"), "status"));
}

}  // namespace
}  // namespace faisca::kube
