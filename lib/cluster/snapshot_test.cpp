#include "lib/cluster/snapshot.h"

#include <gtest/gtest.h>

namespace faisca::cluster {
namespace {

FunctionStatePtr state(const std::string& name, const std::string& name_space, int replicas = 1) {
  FunctionState made;
  made.function.metadata = {name, name_space, {}, {}};
  made.replicas = replicas;
  return std::make_shared<const FunctionState>(std::move(made));
}

TEST(Snapshot, FindsByNameAndNamespace) {
  Snapshot snapshot;
  snapshot.default_namespace = "m";
  for (const char* name_space : {"z", "a", "m"})
    for (const char* name : {"two", "one"}) put(snapshot, state(name, name_space));
  ASSERT_EQ(snapshot.functions.size(), 6u);
  EXPECT_EQ(snapshot.find("one", "a")->name_space(), "a");
  EXPECT_EQ(snapshot.find("two", "z")->name(), "two");
  EXPECT_EQ(snapshot.find("one")->name_space(), "m") << "no namespace is the default one";
  EXPECT_EQ(snapshot.find(FunctionId{"one"})->name_space(), "m");
  for (const char* name : {"", "on", "onee", "zz"}) EXPECT_EQ(snapshot.find(name, "a"), nullptr) << name;
  EXPECT_FALSE(snapshot.contains("one", "b"));
}

TEST(Snapshot, PutsIntoThePlaceOfTheOneBefore) {
  Snapshot snapshot;
  put(snapshot, state("a", "n", 1));
  put(snapshot, state("b", "n", 1));
  put(snapshot, state("a", "n", 2));
  ASSERT_EQ(snapshot.functions.size(), 2u);
  EXPECT_EQ(snapshot.find("a", "n")->replicas, 2);
  erase(snapshot, "a", "n");
  erase(snapshot, "a", "n");
  erase(snapshot, "b", "other");
  ASSERT_EQ(snapshot.functions.size(), 1u);
  EXPECT_TRUE(snapshot.contains("b", "n"));
}

TEST(FunctionState, IsTheSameOnlyIfNothingDiffers) {
  const FunctionState first = *state("a", "n");
  EXPECT_TRUE(same(first, first));
  FunctionState other = first;
  other.ready.push_back({"i", "10.0.0.1", 8080});
  EXPECT_FALSE(same(first, other));
  FunctionState moved = other;
  moved.ready[0].address = "10.0.0.2";
  EXPECT_FALSE(same(other, moved));
  other = first;
  other.function.metadata.labels["team"] = "blue";
  EXPECT_FALSE(same(first, other));
}

}  // namespace
}  // namespace faisca::cluster
