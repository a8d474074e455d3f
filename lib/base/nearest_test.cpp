#include "lib/base/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace faisca {
namespace {

TEST(Nearest, FindsTheWordWithFewestEdits) {
  const std::vector<std::string> known = {"handler", "timeouts", "concurrency", "scale"};
  EXPECT_EQ(nearest("handlr", known), "handler");
  EXPECT_EQ(nearest("TimeOut", known), "timeouts");
  EXPECT_EQ(nearest("scales", known), "scale");
  EXPECT_EQ(nearest("x", {}), "");
}

}  // namespace
}  // namespace faisca
