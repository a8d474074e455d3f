#include "lib/cluster/embedded/unpack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>

#include "lib/base/files.h"
#include "lib/cluster/embedded/temporary_folder.h"

namespace faisca::cluster {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// One ustar entry (POSIX.1-1988): 512 bytes of header, then the content in blocks of 512.
std::string entry(const std::string& name, char type, const std::string& content,
                  const std::string& link = "", unsigned mode = 0755) {
  std::string header(512, '\0');
  const auto put = [&](size_t at, const std::string& text) { header.replace(at, text.size(), text); };
  char number[32];
  const auto octal = [&](size_t at, int width, unsigned long value) {
    std::snprintf(number, sizeof number, "%0*lo", width - 1, value);
    put(at, number);
  };
  put(0, name);
  octal(100, 8, mode);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, content.size());
  octal(136, 12, 0);
  put(148, "        ");
  header[156] = type;
  put(157, link);
  put(257, std::string("ustar\0", 6) + "00");
  unsigned sum = 0;
  for (const unsigned char c : header) sum += c;
  std::snprintf(number, sizeof number, "%06o", sum);
  put(148, std::string(number) + std::string("\0 ", 2));
  std::string body = content;
  body.resize((body.size() + 511) / 512 * 512);
  return header + body;
}
std::string end() { return std::string(1024, '\0'); }

class Unpack : public testing::Test {
 protected:
  Status run(const std::string& tar, const UnpackLimits& limits = {}) {
    fs::remove_all(out());
    fs::create_directories(out());
    std::ofstream(folder_.path / "x.tar") << tar;
    return unpack(folder_.path / "x.tar", out(), limits);
  }
  fs::path out() const { return folder_.path / "out"; }
  std::string error_of(const std::string& tar, const UnpackLimits& limits = {}) {
    const Status status = run(tar, limits);
    return status ? "no error" : status.error().text();
  }

  TemporaryFolder folder_;
};

TEST_F(Unpack, MakesFilesFoldersAndLinks) {
  ASSERT_TRUE(run(entry("./", '5', "") + entry("./a/", '5', "") +
                  entry("a/run", '0', "#!/bin/sh\n", "", 04755) +
                  entry("deep/er/text", '0', std::string(1000, 'x'), "", 0444) +
                  entry("link", '2', "", "a/run") + end()));
  EXPECT_EQ(read_file(out() / "a/run").value(), "#!/bin/sh\n");
  EXPECT_EQ(read_file(out() / "deep/er/text").value(), std::string(1000, 'x'));
  EXPECT_EQ(fs::read_symlink(out() / "link"), "a/run");
  struct stat info{};
  ::stat((out() / "a/run").c_str(), &info);
  EXPECT_EQ(info.st_mode & 07777u, 0755u) << "no set-user-id";
}

TEST_F(Unpack, RefusesToWriteOutside) {
  EXPECT_THAT(error_of(entry("/etc/x", '0', "x") + end()), HasSubstr("the absolute path \"/etc/x\""));
  EXPECT_THAT(error_of(entry("a/../../x", '0', "x") + end()), HasSubstr("with \"..\" in it"));
  EXPECT_THAT(error_of(entry("up", '2', "", "..") + entry("up/x", '0', "x") + end()),
              HasSubstr("\"up/x\" in the archive lies below a link"));
  EXPECT_THAT(error_of(entry("up", '2', "", "../x") + entry("up", '0', "x") + end()),
              HasSubstr("holds \"up\" twice"));
  EXPECT_FALSE(fs::exists(folder_.path / "x"));
}

TEST_F(Unpack, RefusesOddEntries) {
  EXPECT_THAT(error_of(entry("a", '0', "x") + entry("b", '1', "", "a") + end()),
              HasSubstr("the hard link \"b\""));
  EXPECT_THAT(error_of(entry("pipe", '6', "") + end()), HasSubstr("\"pipe\" in the archive is neither"));
  EXPECT_THAT(error_of(entry("dev", '3', "") + end()), HasSubstr("\"dev\" in the archive is neither"));
  EXPECT_THAT(error_of(entry("a", '0', "x") + entry("a/b", '0', "x") + end()),
              HasSubstr("\"a/b\" in the archive lies below"));
}

TEST_F(Unpack, RefusesWhatIsNotATarArchive) {
  EXPECT_THAT(error_of("this is not a tar archive at all, but text"),
              HasSubstr("the archive cannot be read"));
  const std::string whole = entry("a", '0', std::string(2000, 'x'));
  EXPECT_THAT(error_of(whole.substr(0, 1024)), HasSubstr("the archive cannot be read"));
  const Status missing = unpack(folder_.path / "missing.tar", folder_.path);
  EXPECT_FALSE(missing);
}

TEST_F(Unpack, KeepsToItsLimits) {
  const std::string two =
      entry("a", '0', std::string(600, 'x')) + entry("b", '0', std::string(600, 'x')) + end();
  EXPECT_EQ(error_of(two, {.bytes = 1200, .entries = 2}), "no error");
  EXPECT_THAT(error_of(two, {.bytes = 1199, .entries = 2}), HasSubstr("more than 1199 bytes"));
  EXPECT_THAT(error_of(two, {.bytes = 1200, .entries = 1}), HasSubstr("more than 1 entries"));
}

}  // namespace
}  // namespace faisca::cluster
