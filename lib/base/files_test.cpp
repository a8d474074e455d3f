#include "lib/base/files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

namespace faisca {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "faisca-files-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  size_t entries() const { return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {})); }

  fs::path folder_;
};

TEST_F(Files, WritesAndReadsBack) {
  ASSERT_TRUE(write_file_atomic(folder_ / "a", "one", 0600));
  ASSERT_TRUE(write_file_atomic(folder_ / "a", "two", 0600));
  EXPECT_EQ(read_file(folder_ / "a"), "two");
  struct stat info{};
  ASSERT_EQ(::stat((folder_ / "a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, FailedWriteLeavesTheOldContentAndNoTemporaryFile) {
  ASSERT_TRUE(write_file_atomic(folder_ / "a", "old"));
  // A file size limit stands for a full disk: it fails in the middle of the content.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 4096;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status status = write_file_atomic(folder_ / "a", std::string(10000, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_FALSE(status);
  EXPECT_EQ(read_file(folder_ / "a"), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, SaysWhichFileIsMissingOrTooLarge) {
  const auto missing = read_file(folder_ / "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::kNotFound);
  EXPECT_NE(missing.error().message.find("none"), std::string::npos);
  ASSERT_TRUE(write_file_atomic(folder_ / "a", "12345"));
  EXPECT_EQ(read_file(folder_ / "a", 4).error().code, Code::kOutOfRange);
}

TEST_F(Files, MakesParentsAndToleratesAFolderThatIsThere) {
  ASSERT_TRUE(make_folder(folder_ / "x/y/z"));
  ASSERT_TRUE(make_folder(folder_ / "x/y/z"));
  EXPECT_TRUE(fs::is_directory(folder_ / "x/y/z"));
  ASSERT_TRUE(write_file_atomic(folder_ / "file", ""));
  EXPECT_FALSE(make_folder(folder_ / "file/sub"));
}

}  // namespace
}  // namespace faisca
