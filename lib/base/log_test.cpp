#include "lib/base/log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace faisca {
namespace {

TEST(Log, WritesOneJsonObjectALine) {
  log_setup("test", LogLevel::kInfo);
  testing::internal::CaptureStderr();
  log_info("instance \"ready\"",
           {{"function", "hello\nworld"}, {"pid", 42}, {"ok", true}, {"bytes", std::string("\xff")}});
  log_debug("not shown");
  const std::string text = testing::internal::GetCapturedStderr();
  ASSERT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  const auto line = nlohmann::json::parse(text);
  EXPECT_EQ(line["message"], "instance \"ready\"");
  EXPECT_EQ(line["component"], "test");
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["function"], "hello\nworld");
  EXPECT_EQ(line["pid"], 42);
  EXPECT_EQ(line["ok"], true);
  EXPECT_EQ(line["bytes"], "\xEF\xBF\xBD");
}

TEST(Log, KnowsEachLevelByItsName) {
  EXPECT_EQ(log_level_named("debug"), LogLevel::kDebug);
  EXPECT_EQ(log_level_named("info"), LogLevel::kInfo);
  EXPECT_EQ(log_level_named("warning"), LogLevel::kWarning);
  EXPECT_EQ(log_level_named("error"), LogLevel::kError);
  EXPECT_EQ(log_level_named("off"), LogLevel::kOff);
  EXPECT_EQ(log_level_named("loud"), LogLevel::kInfo);
}

}  // namespace
}  // namespace faisca
