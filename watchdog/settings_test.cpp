#include "watchdog/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "watchdog/modes/mode.h"

namespace faisca::watchdog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<Settings> load(std::vector<const char*> environment, Kind kind = Kind::kFork) {
  environment.push_back(nullptr);
  Settings settings;
  Config config("watchdog", "");
  declare(config, settings, kind);
  const char* const argv[] = {"watchdog"};
  FAISCA_TRY(action, config.load(1, argv, environment.data()));
  EXPECT_EQ(action, Config::Action::kRun);
  FAISCA_CHECK_OK(complete(settings, kind));
  return settings;
}

TEST(Settings, TakeTheNamesOfTheOpenFaasWatchdogs) {
  const auto settings = load({"fprocess=cat", "exec_timeout=5", "read_timeout=1m", "write_timeout=7s",
                              "port=9", "max_inflight=3", "suppress_lock=1", "combine_output=false",
                              "cgi_headers=false", "content_type=a/b"});
  ASSERT_TRUE(settings) << settings.error().text();
  EXPECT_EQ(settings->command, "cat");
  EXPECT_EQ(settings->exec_timeout, std::chrono::seconds(5));
  EXPECT_EQ(settings->read_timeout, std::chrono::minutes(1));
  EXPECT_EQ(settings->port, 9);
  EXPECT_EQ(settings->max_inflight, 3);
  EXPECT_TRUE(settings->suppress_lock);
  EXPECT_FALSE(settings->combine_output);
  EXPECT_FALSE(settings->cgi_headers);
  EXPECT_EQ(settings->content_type, "a/b");
  EXPECT_EQ(settings->healthcheck_interval, std::chrono::seconds(7)) << "follows write_timeout";
}

TEST(Settings, PreferFprocessToFunctionProcess) {
  EXPECT_EQ(load({"function_process=b", "fprocess=a"})->command, "a");
  EXPECT_EQ(load({"function_process=b"})->command, "b");
}

TEST(Settings, RefuseWhatDoesNotParse) {
  for (const char* bad : {"exec_timeout=soon", "port=70000", "max_inflight=-1", "mode=afterburn",
                          "combine_output=maybe", "healthcheck_interval=x", "write_timeout=0"})
    EXPECT_EQ(load({bad}).error().code, Code::kInvalidArgument) << bad;
}

TEST(Settings, NeedAnObjectToOffload) {
  EXPECT_THAT(load({}, Kind::kOffload).error().text(), HasSubstr("--object FILE"));
}

TEST(HandlerArguments, SplitOnSpaces) {
  Settings settings;
  settings.command = "sh -c  exit";
  EXPECT_THAT(*handler_arguments(settings, {}, "/bin"), ElementsAre("/bin/sh", "-c", "exit"));
}

TEST(HandlerArguments, PreferWhatStandsBehindTheDashes) {
  Settings settings;
  settings.command = "cat";
  EXPECT_THAT(*handler_arguments(settings, {"/bin/sh", "-c", "a b"}, ""),
              ElementsAre("/bin/sh", "-c", "a b"));
}

TEST(CommandLine, EndsAtTheDashes) {
  const char* const argv[] = {"watchdog", "--port", "1", "--", "cat", "--", "-version"};
  const CommandLine line = split_command_line(7, argv);
  EXPECT_THAT(line.own,
              ElementsAre(::testing::StrEq("watchdog"), ::testing::StrEq("--port"), ::testing::StrEq("1")));
  EXPECT_THAT(line.after_dashes, ElementsAre("cat", "--", "-version"));
}

TEST(CommandLine, KnowsTheOneDashFlagsOfOpenFaas) {
  const char* const argv[] = {"watchdog", "-run-healthcheck", "-version"};
  const CommandLine line = split_command_line(3, argv);
  EXPECT_TRUE(line.run_healthcheck);
  EXPECT_THAT(line.own, ElementsAre(::testing::StrEq("watchdog"), ::testing::StrEq("--version")));
}

TEST(InvocationTimeout, IsTheShorterOfTheTwo) {
  const auto with = [](Duration limit, const std::string& header) {
    http::RequestHead head;
    const std::string request = "GET / HTTP/1.1\r\nHost: h\r\n" + header + "\r\n";
    EXPECT_FALSE(http::parse_request_head(request, head));
    return invocation_timeout(limit, head);
  };
  using std::chrono::seconds;
  EXPECT_EQ(with(seconds(10), ""), seconds(10));
  EXPECT_EQ(with(seconds(10), "X-Timeout: 3s\r\n"), seconds(3));
  EXPECT_EQ(with(seconds(10), "X-Timeout: 30s\r\n"), seconds(10));
  EXPECT_EQ(with(seconds(0), "X-Timeout: 30s\r\n"), seconds(30));
  EXPECT_EQ(with(seconds(10), "X-Timeout: soon\r\n"), seconds(10));
}

}  // namespace
}  // namespace faisca::watchdog
