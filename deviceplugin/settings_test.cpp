#include "deviceplugin/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faisca::deviceplugin {
namespace {

using testing::HasSubstr;

TEST(Settings, NeedANode) {
  const Status checked = check({});
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().text(), HasSubstr("NODE_NAME"));
  EXPECT_TRUE(check({.node = "node1"}));
  EXPECT_TRUE(check({.prepare = true})) << "nobody is told of a node then";
}

TEST(Settings, WantAnAbsoluteSocket) {
  EXPECT_EQ(socket_path("unix:/run/faisca/agent.sock").value_or(""), "/run/faisca/agent.sock");
  for (const char* wrong :
       {"", "unix:", "unix:agent.sock", "/run/faisca/agent.sock", "unix:/run/faisca/", "127.0.0.1:1"}) {
    const auto path = socket_path(wrong);
    ASSERT_FALSE(path) << wrong;
    EXPECT_THAT(path.error().hint, HasSubstr("unix:/run/faisca/agent.sock"));
  }
  EXPECT_FALSE(check({.host_folder = "run/faisca", .node = "node1"}));
}

TEST(Settings, PrepareMakesTheFolderForTheAgentsUser) {
  char name[] = "/tmp/faisca-prepare-XXXXXX";
  ASSERT_NE(::mkdtemp(name), nullptr);
  const std::filesystem::path folder = std::filesystem::path(name) / "run" / "faisca";
  const Settings settings{.agent = "unix:" + (folder / "agent.sock").string(),
                          .prepare = true,
                          .agent_user = static_cast<int>(::geteuid())};
  for (int times = 0; times < 2; ++times) {
    const Status prepared = prepare_folder(settings);
    ASSERT_TRUE(prepared) << prepared.error().text();
    struct stat info{};
    ASSERT_EQ(::stat(folder.c_str(), &info), 0);
    EXPECT_EQ(info.st_uid, ::geteuid());
    EXPECT_EQ(info.st_mode & 07777, 0755u);
    ::chmod(folder.c_str(), 0700);  // as somebody may have left it
  }
  std::filesystem::remove_all(name);
}

}  // namespace
}  // namespace faisca::deviceplugin
