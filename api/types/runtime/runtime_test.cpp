#include "api/types/runtime/runtime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faisca::api {
namespace {

TEST(Runtime, ReadsBackWhatItPrints) {
  Runtime runtime;
  runtime.metadata.name = "python3";
  runtime.spec = {
      "faisca.dev/runtime-python3:1", "handler.py", {"python3", "handler.py"}, {{"PYTHONUNBUFFERED", "1"}}};
  EXPECT_EQ(parse_runtime(print_runtime(runtime)).value(), runtime);
  EXPECT_EQ(parse_runtime(print_runtime_json(runtime)).value(), runtime);
}

TEST(Runtime, RefusesAnotherKind) {
  const auto read = parse_runtime("apiVersion: faisca.dev/v1alpha1\nkind: Function\n");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().text(),
              testing::HasSubstr("kind: \"Function\" is not known; hint: write kind: Runtime"));
}

}  // namespace
}  // namespace faisca::api
