#include "lib/kube/contains.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace faisca::kube {
namespace {

struct Case {
  const char* claim;
  const char* live;
  const char* wanted;
  const char* difference;  // "" if `live` has everything
};

const Case kCases[] = {
    {"defaults may be there", R"({"a": 1, "default": 2})", R"({"a": 1})", ""},
    {"a missing member", R"({})", R"({"a": {"b": 1}})", "/a"},
    {"a different value deep inside", R"({"a": {"b": [{"c": 1}]}})", R"({"a": {"b": [{"c": 2}]}})",
     "/a/b/0/c"},
    {"another type", R"({"port": "8080"})", R"({"port": 8080})", "/port"},
    {"numbers by value", R"({"a": 1})", R"({"a": 1.0})", ""},
    {"empty values that the server drops", R"({})", R"({"a": null, "b": [], "c": ""})", ""},
    {"an empty map is not dropped everywhere", R"({})", R"({"emptyDir": {}})", "/emptyDir"},
    {"false is not dropped everywhere", R"({})", R"({"allowPrivilegeEscalation": false})",
     "/allowPrivilegeEscalation"},
    {"an empty text where there is one", R"({"a": "x"})", R"({"a": ""})", "/a"},
    {"null where there is a value", R"({"a": "x"})", R"({"a": null})", "/a"},
    {"quantities by value", R"({"limits": {"cpu": "500m", "memory": "1Gi"}})",
     R"({"limits": {"cpu": "0.5", "memory": "1024Mi"}})", ""},
    {"quantities as numbers", R"({"requests": {"cpu": "1"}})", R"({"requests": {"cpu": 1}})", ""},
    {"other quantities", R"({"limits": {"cpu": "500m"}})", R"({"limits": {"cpu": "501m"}})", "/limits/cpu"},
    {"a size limit", R"({"emptyDir": {"sizeLimit": "64Mi"}})", R"({"emptyDir": {"sizeLimit": "65536Ki"}})",
     ""},
    {"texts that look like quantities", R"({"env": [{"name": "A", "value": "1"}]})",
     R"({"env": [{"name": "A", "value": "1000m"}]})", "/env/0/value"},
    {"named elements in another order, and more of them",
     R"({"env": [{"name": "X"}, {"name": "B", "value": "2"}, {"name": "A", "value": "1"}]})",
     R"({"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]})", ""},
    {"a named element that is missing", R"({"containers": [{"name": "a"}]})",
     R"({"containers": [{"name": "b"}]})", "/containers/0"},
    {"ports by number", R"({"ports": [{"containerPort": 8080, "protocol": "TCP"}]})",
     R"({"ports": [{"containerPort": 8080}]})", ""},
    {"owners by uid", R"({"ownerReferences": [{"uid": "1", "name": "x"}, {"uid": "2", "name": "y"}]})",
     R"({"ownerReferences": [{"uid": "2", "name": "y"}]})", ""},
    {"equal names are compared by place", R"({"a": [{"name": "x", "v": 1}, {"name": "x", "v": 2}]})",
     R"({"a": [{"name": "x", "v": 2}, {"name": "x", "v": 1}]})", "/a/0/v"},
    {"plain lists in full", R"({"args": ["a", "b"]})", R"({"args": ["a"]})", "/args"},
    {"plain lists in order", R"({"args": ["a", "b"]})", R"({"args": ["b", "a"]})", "/args/0"},
    {"unnamed elements in full", R"({"tolerations": [{"key": "a"}, {"key": "b"}]})",
     R"({"tolerations": [{"key": "a"}]})", "/tolerations"},
    {"finalizers as a set", R"({"finalizers": ["other", "ours"]})", R"({"finalizers": ["ours"]})", ""},
    {"a finalizer that is missing", R"({"finalizers": ["other"]})", R"({"finalizers": ["ours"]})",
     "/finalizers/0"},
    {"slashes in a name", R"({"labels": {}})", R"({"labels": {"faisca.dev/x": "1"}})",
     "/labels/faisca.dev~1x"},
    {"a list where an object is", R"({"a": {}})", R"({"a": [1]})", "/a"},
};

TEST(Contains, SeesWhatServerSideApplyWouldChange) {
  for (const Case& one : kCases)
    EXPECT_EQ(first_difference(Json::parse(one.live), Json::parse(one.wanted)), one.difference) << one.claim;
}

TEST(Contains, AgreesWithTheFirstDifference) {
  for (const Case& one : kCases)
    EXPECT_EQ(contains(Json::parse(one.live), Json::parse(one.wanted)), std::string(one.difference).empty())
        << one.claim;
}

TEST(Contains, HoldsForEveryObjectAndItself) {
  for (const Case& one : kCases)
    EXPECT_TRUE(contains(Json::parse(one.live), Json::parse(one.live))) << one.claim;
}

}  // namespace
}  // namespace faisca::kube
