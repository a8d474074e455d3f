#include "lib/base/config.h"

#include <gtest/gtest.h>

#include "lib/base/files.h"

namespace faisca {
namespace {

using namespace std::chrono_literals;

struct Settings {
  uint16_t port = 8080;
  std::chrono::nanoseconds timeout = 30s;
  Bytes body{10u << 20};
  std::string mode = "fork";
  std::string password = "";
  bool lock = true;
};

// One load of a fresh Config with these flags, environment and file text.
struct Load {
  std::vector<std::string> flags;
  std::vector<std::string> environment;
  std::string file;

  Result<Config::Action> into(Settings& settings, std::string* effective = nullptr) const {
    Config config("faisca-test", "Tests.");
    config.add("port", &settings.port, {.sentence = "TCP port"});
    config.add("read_timeout", &settings.timeout, {.sentence = "Longest read", .env = {"read_timeout"}});
    config.add("max_body", &settings.body, {.sentence = "Largest body"});
    config.add("mode", &settings.mode, {.sentence = "How it runs", .choices = {"fork", "http"}});
    config.add("password", &settings.password, {.sentence = "Secret", .secret = true});
    config.add("lock", &settings.lock, {.sentence = "Lock file"});
    std::vector<const char*> argv = {"faisca-test"}, env;
    std::string path;
    if (!file.empty()) {
      path = testing::TempDir() + "faisca-config-test.yaml";
      EXPECT_TRUE(write_file_atomic(path, file));
      argv.insert(argv.end(), {"--config", path.c_str()});
    }
    for (const auto& flag : flags) argv.push_back(flag.c_str());
    for (const auto& entry : environment) env.push_back(entry.c_str());
    env.push_back(nullptr);
    auto action = config.load(static_cast<int>(argv.size()), argv.data(), env.data());
    if (effective) *effective = config.effective();
    return action;
  }
};

TEST(Config, KeepsDefaultsWhenNothingIsSaid) {
  Settings settings;
  ASSERT_TRUE((Load{}).into(settings));
  EXPECT_EQ(settings.port, 8080);
  EXPECT_EQ(settings.timeout, 30s);
}

TEST(Config, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
  Settings settings;
  ASSERT_TRUE((Load{{}, {}, "port: 1"}).into(settings));
  EXPECT_EQ(settings.port, 1);
  ASSERT_TRUE((Load{{}, {"FAISCA_PORT=2"}, "port: 1"}).into(settings));
  EXPECT_EQ(settings.port, 2);
  ASSERT_TRUE((Load{{"--port", "3"}, {"FAISCA_PORT=2"}, "port: 1"}).into(settings));
  EXPECT_EQ(settings.port, 3);
}

TEST(Config, ReadsOtherEnvironmentNamesAndTypedValues) {
  Settings settings;
  ASSERT_TRUE((Load{{"--max-body", "64Ki", "--lock", "false"}, {"read_timeout=5"}, ""}).into(settings));
  EXPECT_EQ(settings.timeout, 5s);
  EXPECT_EQ(settings.body.count, 65536u);
  EXPECT_FALSE(settings.lock);
}

TEST(Config, RefusesWhatItCannotUseAndNamesFieldAndValue) {
  const std::tuple<Load, const char*, const char*> table[] = {
      {{{"--prot", "1"}, {}, ""}, "--prot", "--help"},
      {{{"--port", "70000"}, {}, ""}, "--port: \"70000\" must be", ""},
      {{{"--port", "80x"}, {}, ""}, "--port: \"80x\" is not a whole number", ""},
      {{{}, {"FAISCA_READ_TIMEOUT=soon"}, ""}, "FAISCA_READ_TIMEOUT: \"soon\"", "30s"},
      {{{}, {}, "prot: 1"}, "unknown setting \"prot\"", "did you mean \"port\"?"},
      {{{}, {}, "port: [1"}, "faisca-config-test.yaml", ""},
      {{{}, {}, "port: [1]"}, "faisca-config-test.yaml", ""},
      {{{"--mode", "spoon"}, {}, ""}, "\"spoon\" is not one of the choices", "fork, http"},
      {{{"--lock", "maybe"}, {}, ""}, "\"maybe\" is neither true nor false", ""},
  };
  for (const auto& [load, message, hint] : table) {
    Settings settings;
    const auto action = load.into(settings);
    ASSERT_FALSE(action) << message;
    EXPECT_EQ(action.error().code, Code::kInvalidArgument);
    EXPECT_NE(action.error().message.find(message), std::string::npos) << action.error().text();
    EXPECT_NE(action.error().hint.find(hint), std::string::npos) << action.error().text();
  }
}

TEST(Config, PrintsEffectiveValuesButNoSecrets) {
  Settings settings;
  std::string effective;
  ASSERT_TRUE((Load{{"--password", "tops3cret", "--port", "9"}, {}, ""}).into(settings, &effective));
  EXPECT_NE(effective.find("\"port\":\"9\""), std::string::npos);
  EXPECT_EQ(effective.find("tops3cret"), std::string::npos);
}

TEST(Config, HelpNamesEveryFieldWithUnitDefaultAndSentence) {
  testing::internal::CaptureStdout();
  Settings settings;
  const auto action = Load{{"--help"}, {}, ""}.into(settings);
  const std::string help = testing::internal::GetCapturedStdout();
  ASSERT_TRUE(action);
  EXPECT_EQ(*action, Config::Action::kExit);
  EXPECT_NE(help.find("--read-timeout (duration, default 30s)\n      Longest read"), std::string::npos)
      << help;
}

}  // namespace
}  // namespace faisca
