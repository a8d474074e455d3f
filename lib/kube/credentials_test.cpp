#include "lib/kube/credentials.h"

#include <gtest/gtest.h>

#include "lib/base/files.h"
#include "lib/kube/testing/temporary_folder.h"
#include "lib/kube/time_text.h"

namespace faisca::kube {
namespace {

using std::chrono::seconds;

class CredentialsTest : public ::testing::Test {
 protected:
  std::filesystem::path file(const std::string& name) const { return folder_.path() / name; }
  void write(const std::string& name, const std::string& text, unsigned mode = 0644) {
    ASSERT_TRUE(write_file_atomic(file(name), text, mode));
  }
  // A plugin that counts its runs and prints them as token.
  ExecPlugin plugin(const std::string& expiry) {
    write("plugin",
          "#!/bin/sh\necho x >> " + file("runs").string() + "\n" +
              "printf '{\"kind\": \"ExecCredential\", \"status\": {\"token\": \"%s-%s-%s\"" + expiry +
              "}}' \"$1\" \"$WHO\" \"$(wc -l < " + file("runs").string() + ")\"\n",
          0755);
    return {.command = file("plugin").string(),
            .arguments = {"arg"},
            .environment = {{"WHO", "me"}},
            .inherited = {"WHO=you", "PATH=/usr/bin:/bin"}};
  }

  testing::TemporaryFolder folder_;
  FakeClock clock_;
};

TEST_F(CredentialsTest, AreEmptyWithoutAToken) {
  Credentials none({}, {}, clock_);
  EXPECT_EQ(*none.authorization(), "");
  EXPECT_FALSE(none.refused());
}

TEST_F(CredentialsTest, FollowATokenFileThatIsReplaced) {
  write("token", "one\n");
  Credentials credentials({.data = "", .file = file("token")}, {}, clock_);
  EXPECT_EQ(*credentials.authorization(), "Bearer one");
  write("token", "two");
  EXPECT_EQ(*credentials.authorization(), "Bearer two");
}

TEST_F(CredentialsTest, FollowALinkAsTheKubeletTurnsIt) {
  std::filesystem::create_directories(file("1"));
  std::filesystem::create_directories(file("2"));
  write("1/token", "aaa");
  write("2/token", "bbb");
  std::filesystem::create_directory_symlink("1", file("data"));
  Credentials credentials({.data = "", .file = file("data") / "token"}, {}, clock_);
  EXPECT_EQ(*credentials.authorization(), "Bearer aaa");
  std::filesystem::create_directory_symlink("2", file("next"));
  std::filesystem::rename(file("next"), file("data"));
  EXPECT_EQ(*credentials.authorization(), "Bearer bbb");
}

TEST_F(CredentialsTest, SayWhichFileIsMissingOrEmpty) {
  Credentials credentials({.data = "", .file = file("token")}, {}, clock_);
  EXPECT_NE(credentials.authorization().error().text().find(file("token").string()), std::string::npos);
  write("token", "\n");
  EXPECT_EQ(credentials.authorization().error().code, Code::kUnauthenticated);
}

TEST_F(CredentialsTest, RunAPluginAgainWhenItsTokenExpiresOrIsRefused) {
  const std::string expiry = ", \"expirationTimestamp\": \"" + time_text(clock_.wall() + seconds(100)) + "\"";
  Credentials credentials({}, plugin(expiry), clock_);
  EXPECT_EQ(*credentials.authorization(), "Bearer arg-me-1");
  EXPECT_EQ(*credentials.authorization(), "Bearer arg-me-1");
  EXPECT_TRUE(credentials.refused());
  EXPECT_EQ(*credentials.authorization(), "Bearer arg-me-2");
  clock_.advance(seconds(95));
  EXPECT_EQ(*credentials.authorization(), "Bearer arg-me-3");
}

TEST_F(CredentialsTest, QuoteAPluginThatFails) {
  write("bad", "#!/bin/sh\necho no such realm >&2\nexit 3\n", 0755);
  const auto failed = run_exec_plugin({.command = file("bad").string(), .install_hint = "log in first"});
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().text().find("exited with status 3: no such realm"), std::string::npos)
      << failed.error().text();
  EXPECT_EQ(failed.error().hint, "log in first");
  EXPECT_NE(run_exec_plugin({.command = "no-such-plugin"}).error().text().find("cannot be run"),
            std::string::npos);
}

TEST(ExecCredential, IsRefusedWithoutAToken) {
  EXPECT_FALSE(parse_exec_credential("nonsense"));
  EXPECT_FALSE(parse_exec_credential(R"({"kind": "ExecCredential"})"));
  EXPECT_FALSE(parse_exec_credential(
      R"({"kind": "ExecCredential", "status": {"token": "t", "expirationTimestamp": "soon"}})"));
  EXPECT_EQ(parse_exec_credential(R"({"kind": "ExecCredential", "status": {"token": "t"}})")->token, "t");
}

}  // namespace
}  // namespace faisca::kube
