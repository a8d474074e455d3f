#include "lib/kube/object.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/kube/time_text.h"

namespace faisca::kube {
namespace {

const Json kObject = Json::parse(R"({
  "metadata": {"name": "x", "namespace": "ns", "uid": "u1", "resourceVersion": "5", "generation": 3,
    "labels": {"faisca.dev/function": "f"}, "finalizers": ["a", "b"],
    "ownerReferences": [{"kind": "Other", "name": "o", "uid": "u0"},
                        {"kind": "Function", "name": "f", "uid": "u2", "controller": true}]},
  "spec": {"list": [{"a/b": "deep"}]}})");

TEST(Object, ReadsWhatEveryObjectHas) {
  EXPECT_EQ(key_of(kObject).text(), "ns/x");
  EXPECT_EQ(uid_of(kObject), "u1");
  EXPECT_EQ(resource_version_of(kObject), "5");
  EXPECT_EQ(generation_of(kObject), 3);
  EXPECT_EQ(label_of(kObject, "faisca.dev/function"), "f");
  EXPECT_EQ(controller_uid(kObject), "u2");
  EXPECT_EQ(controller_name(kObject, "Function"), "f");
  EXPECT_EQ(controller_name(kObject, "Other"), "");
  EXPECT_FALSE(is_being_deleted(kObject));
  EXPECT_EQ(text_at(kObject, "/spec/list/0/a~1b"), "deep");
}

TEST(Object, ReadsNothingFromWhatIsOdd) {
  for (const char* text :
       {"null", "[]", "1", R"({"metadata": []})",
        R"({"metadata": {"name": 1, "labels": [], "finalizers": "x", "ownerReferences": {"a": 1}}})"}) {
    const Json odd = Json::parse(text);
    EXPECT_EQ(key_of(odd), ObjectKey{}) << text;
    EXPECT_EQ(label_of(odd, "a"), "") << text;
    EXPECT_EQ(generation_of(odd), 0) << text;
    EXPECT_EQ(controller_uid(odd), "") << text;
    EXPECT_FALSE(has_finalizer(odd, "a")) << text;
    EXPECT_TRUE(at(odd, "/a/0/b").is_null()) << text;
  }
  EXPECT_TRUE(at(kObject, "/spec/list/1").is_null());
  EXPECT_TRUE(at(kObject, "/spec/list/99999999999999999999999").is_null());
  EXPECT_TRUE(at(kObject, "/spec/list/x").is_null());
}

TEST(Object, OwnsItsChildrenAsController) {
  const Json reference = owner_reference(kFunctions, kObject);
  EXPECT_EQ(
      reference,
      Json::parse(
          R"({"apiVersion": "faisca.dev/v1alpha1", "kind": "Function", "name": "x", "uid": "u1", "controller": true, "blockOwnerDeletion": true})"));
}

TEST(Object, PatchesFinalizersOfTheVersionThatWasRead) {
  EXPECT_TRUE(has_finalizer(kObject, "b"));
  EXPECT_EQ(with_finalizer(kObject, "c")["metadata"],
            Json::parse(R"({"finalizers": ["a", "b", "c"], "resourceVersion": "5"})"));
  EXPECT_EQ(with_finalizer(kObject, "a")["metadata"]["finalizers"], Json({"b", "a"}));
  EXPECT_EQ(without_finalizer(kObject, "a")["metadata"]["finalizers"], Json({"b"}));
  EXPECT_EQ(without_finalizer(Json::object(), "a")["metadata"]["finalizers"], Json::array());
}

TEST(TimeText, IsReadAsItIsWritten) {
  const WallTime time = WallTime(std::chrono::seconds(1'767'323'045)) + std::chrono::microseconds(60'007);
  EXPECT_EQ(time_text(time), "2026-01-02T03:04:05Z");
  EXPECT_EQ(micro_time_text(time), "2026-01-02T03:04:05.060007Z");
  EXPECT_EQ(*parse_time(micro_time_text(time)), time);
  EXPECT_EQ(*parse_time("2026-01-02T05:34:05.060007+02:30"), time);
  EXPECT_EQ(*parse_time("2026-01-01T20:04:05.060007999-07:00"), time);
}

TEST(TimeText, RefusesWhatIsNoTime) {
  for (const char* text : {"", "2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z",
                           "2026-01-02 03:04:05Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05Zz",
                           "2026-01-02T03:04:05+25:00", "x026-01-02T03:04:05Z", "1013-01-02T03:04:05Z"})
    EXPECT_FALSE(parse_time(text)) << text;
}

}  // namespace
}  // namespace faisca::kube
