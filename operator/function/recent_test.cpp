#include "operator/function/recent.h"

#include <gtest/gtest.h>

namespace faisca::operators {
namespace {

const kube::ObjectKey kKey{"default", "resize"};

TEST(Recent, StandsInForACacheThatIsBehind) {
  Recent recent;
  recent.put(kube::kServices, kKey, "12", "new");
  EXPECT_EQ(recent.newer(kube::kServices, kKey, ""), "new");
  EXPECT_EQ(recent.newer(kube::kServices, kKey, "9"), "new") << "versions are numbers, not texts";
  EXPECT_EQ(recent.newer(kube::kDeployments, kKey, "9"), std::nullopt);
}

TEST(Recent, IsForgottenWhenTheCacheHasCaughtUp) {
  Recent recent;
  recent.put(kube::kServices, kKey, "12", "new");
  EXPECT_EQ(recent.newer(kube::kServices, kKey, "12"), std::nullopt);
  EXPECT_EQ(recent.size(), 0u);
}

TEST(Recent, IsForgottenWhenTheObjectIsGone) {
  Recent recent;
  recent.put(kube::kServices, kKey, "12", "new");
  recent.forget(kube::kServices, kKey);
  EXPECT_EQ(recent.newer(kube::kServices, kKey, ""), std::nullopt);
}

TEST(Recent, DoesNotBelieveForeverWhatTheCacheNeverShows) {
  Recent recent;
  recent.put(kube::kServices, kKey, "12", "new");
  int looks = 0;
  while (recent.newer(kube::kServices, kKey, "")) ASSERT_LT(++looks, 100);
}

TEST(Recent, BelievesTheCacheWhereVersionsAreNotNumbers) {
  Recent recent;
  recent.put(kube::kServices, kKey, "opaque", "new");
  EXPECT_EQ(recent.newer(kube::kServices, kKey, "another"), std::nullopt);
}

}  // namespace
}  // namespace faisca::operators
