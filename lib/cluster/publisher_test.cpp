#include "lib/cluster/publisher.h"

#include <gtest/gtest.h>

namespace faisca::cluster {
namespace {

FunctionState state(const std::string& name, int replicas) {
  FunctionState made;
  made.function.metadata = {name, api::kDefaultNamespace, {}, {}};
  made.replicas = replicas;
  return made;
}

TEST(Publisher, StartsWithAnEmptySnapshot) {
  Publisher publisher;
  ASSERT_NE(publisher.snapshot(), nullptr);
  EXPECT_TRUE(publisher.snapshot()->functions.empty());
}

TEST(Publisher, TellsOnlyAboutChanges) {
  Publisher publisher;
  int calls = 0;
  const auto subscription = publisher.subscribe([&] { ++calls; });
  publisher.publish({state("a", 1), state("b", 1)});
  publisher.publish({state("a", 1), state("b", 1)});
  EXPECT_EQ(calls, 1);
  const SnapshotPtr before = publisher.snapshot();
  publisher.publish({state("a", 1), state("b", 2)});
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(publisher.snapshot()->version, before->version + 1);
  EXPECT_EQ(publisher.snapshot()->find("a"), before->find("a")) << "unchanged states are shared";
  EXPECT_EQ(before->find("b")->replicas, 1) << "a snapshot never changes";
  publisher.publish({state("a", 1)});
  EXPECT_EQ(calls, 3);
  EXPECT_FALSE(publisher.snapshot()->contains("b"));
}

TEST(Publisher, OrdersByNamespaceThenName) {
  Publisher publisher;
  FunctionState other = state("a", 1);
  other.function.metadata.name_space = "a-team";
  publisher.publish({state("b", 1), state("a", 1), other});
  const SnapshotPtr snapshot = publisher.snapshot();
  ASSERT_EQ(snapshot->functions.size(), 3u);
  EXPECT_EQ(snapshot->functions[0]->name_space(), "a-team");
  EXPECT_EQ(snapshot->functions[1]->name(), "a");
  EXPECT_EQ(snapshot->functions[2]->name(), "b");
}

TEST(Publisher, CallsNobodyAfterTheHandleDied) {
  Publisher publisher;
  int calls = 0;
  Cluster::Subscription subscription;
  subscription = publisher.subscribe([&] {
    ++calls;
    subscription.reset();  // from within the call
  });
  publisher.publish({state("a", 1)});
  publisher.publish({state("a", 2)});
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace faisca::cluster
