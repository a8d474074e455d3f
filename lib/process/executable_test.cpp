#include "lib/process/executable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faisca::process {
namespace {

using ::testing::HasSubstr;

TEST(FindExecutable, TakesAnAbsolutePathAsItIs) {
  EXPECT_EQ(*find_executable("/bin/sh", "/tmp", ""), "/bin/sh");
}

TEST(FindExecutable, LooksInTheFolderFirst) {
  EXPECT_EQ(*find_executable("sh", "/bin", "/usr/bin"), "/bin/sh");
  EXPECT_EQ(*find_executable("./sh", "/bin/", ""), "/bin/./sh");
}

TEST(FindExecutable, SearchesThePath) {
  EXPECT_EQ(*find_executable("sh", "", "/nowhere::/bin"), "/bin/sh");
  EXPECT_EQ(*find_executable("sh", "/nowhere", "/bin"), "/bin/sh");
}

TEST(FindExecutable, SaysWhereItLooked) {
  const auto found = find_executable("no-such-program", "/a", "/b:/c");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::kNotFound);
  EXPECT_THAT(found.error().text(),
              HasSubstr("looked for /a/no-such-program, /b/no-such-program, /c/no-such-program"));
}

TEST(FindExecutable, RefusesAFolderAndAFileThatIsNotExecutable) {
  EXPECT_EQ(find_executable("/tmp", "", "").error().code, Code::kPermissionDenied);
  EXPECT_EQ(find_executable("/etc/passwd", "", "").error().code, Code::kPermissionDenied);
}

TEST(FindExecutable, RefusesAnEmptyWord) {
  EXPECT_EQ(find_executable("", "", "/bin").error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace faisca::process
