#include "operator/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faisca::operators {
namespace {

using testing::HasSubstr;

Status load(OperatorSettings& settings, std::vector<const char*> arguments) {
  Config config("faisca-operator", "");
  declare(config, settings);
  arguments.insert(arguments.begin(), "faisca-operator");
  const char* const none[] = {nullptr};
  const auto action = config.load(static_cast<int>(arguments.size()), arguments.data(), none);
  if (!action) return fail(action.error());
  return complete(settings);
}

TEST(OperatorSettings, HaveWorkingDefaults) {
  OperatorSettings settings;
  EXPECT_TRUE(load(settings, {}));
  EXPECT_TRUE(settings.spaces().empty());
  EXPECT_THAT(settings.functions.offload_image, testing::StartsWith("faisca.dev/offload:"));
}

TEST(OperatorSettings, SplitTheWatchedNamespaces) {
  OperatorSettings settings;
  EXPECT_TRUE(load(settings, {"--watch-namespaces", "shop,,team-a,"}));
  EXPECT_EQ(settings.spaces(), (std::vector<std::string>{"shop", "team-a"}));
}

TEST(OperatorSettings, RefuseWhatCannotWork) {
  const std::pair<std::vector<const char*>, const char*> kRows[] = {
      {{"--watch-namespaces", "Shop"}, "watch_namespaces: \"Shop\" is not a DNS-1123 label"},
      {{"--function-namespace", "a_b"}, "function_namespace: \"a_b\" is not a DNS-1123 label"},
      {{"--namespace", "-"}, "namespace: \"-\" is not a DNS-1123 label"},
      {{"--offload-image", ""}, "offload_image: it is empty"},
      {{"--workers", "0"}, "workers"},
      {{"--lease", "1s"}, "lease"},
      {{"--pull-policy", "Sometimes"}, "--pull-policy: \"Sometimes\" is not one of the choices"},
  };
  for (const auto& [arguments, error] : kRows) {
    OperatorSettings settings;
    const Status status = load(settings, arguments);
    ASSERT_FALSE(status) << error;
    EXPECT_THAT(status.error().text(), HasSubstr(error));
  }
}

}  // namespace
}  // namespace faisca::operators
