#include <gtest/gtest.h>

#include <fstream>

#include "lib/base/files.h"
#include "lib/cluster/embedded/log_file.h"
#include "lib/cluster/embedded/log_follower.h"
#include "lib/cluster/embedded/log_reader.h"
#include "lib/cluster/embedded/temporary_folder.h"

namespace faisca::cluster {
namespace {

WallTime at(int second, int micros = 0) {
  return WallTime(std::chrono::seconds(1'700'000'000 + second) + std::chrono::microseconds(micros));
}

std::string read(const std::filesystem::path& folder, LogQuery query = {}) {
  std::string out;
  EXPECT_TRUE(read_logs(folder, query, [&](const LogLine& line) {
    out += line.instance + ":" + line.text + "\n";
    return true;
  }));
  return out;
}

TEST(LogTime, ReadsBackWhatItWrites) {
  EXPECT_EQ(format_log_time(at(0, 42)), "2023-11-14T22:13:20.000042Z");
  WallTime back;
  ASSERT_TRUE(parse_log_time("2023-11-14T22:13:20.000042Z", back));
  EXPECT_EQ(back, at(0, 42));
  for (const char* text : {"", "2023-11-14", "2023-11-14T22:13:20.000042", "x023-11-14T22:13:20.000042Z"})
    EXPECT_FALSE(parse_log_time(text, back)) << text;
}

TEST(LogFile, PutsLinesTogether) {
  TemporaryFolder folder;
  LogFile log(folder.path / "fn" / "a", 1 << 20);
  log.append("one\ntw", at(0));
  log.append("o\r\n\nthr", at(1));
  log.append("ee", at(2));
  EXPECT_EQ(log.last_line(), "two");
  log.flush(at(3));
  EXPECT_EQ(log.last_line(), "three");
  EXPECT_EQ(read(folder.path / "fn"), "a:one\na:two\na:\na:three\n");
}

TEST(LogFile, BreaksEndlessLines) {
  TemporaryFolder folder;
  LogFile log(folder.path / "a", 1 << 20);
  log.append(std::string(2 * LogFile::kLongestLine + 5, 'x') + "\n", at(0));
  const std::string longest(LogFile::kLongestLine, 'x');
  EXPECT_EQ(read(folder.path), "a:" + longest + "\na:" + longest + "\na:xxxxx\n");
}

TEST(LogFile, KeepsTwoFilesOfBoundedSize) {
  TemporaryFolder folder;
  LogFile log(folder.path / "a", 1000);
  for (int i = 0; i < 1000; ++i) log.append("line " + std::to_string(i) + "\n", at(i));
  EXPECT_LE(std::filesystem::file_size(folder.path / "a.log"), 1000u);
  EXPECT_LE(std::filesystem::file_size(folder.path / "a.1.log"), 1000u);
  const std::string text = read(folder.path);
  EXPECT_NE(text.find("line 999\n"), std::string::npos);
  EXPECT_NE(text.find("line 980\n"), std::string::npos) << "the older file is read too";
}

TEST(LogReader, MergesInstancesByTime) {
  TemporaryFolder folder;
  LogFile a(folder.path / "a", 1 << 20), b(folder.path / "b", 1 << 20);
  a.append("1\n", at(1));
  b.append("2\n", at(2));
  a.append("3\n", at(3));
  b.append("4\n", at(4));
  EXPECT_EQ(read(folder.path), "a:1\nb:2\na:3\nb:4\n");
  EXPECT_EQ(read(folder.path, {.instance = "b"}), "b:2\nb:4\n");
  EXPECT_EQ(read(folder.path, {.since = at(3)}), "a:3\nb:4\n");
  EXPECT_EQ(read(folder.path, {.tail = 1}), "b:4\n");
  EXPECT_EQ(read(folder.path, {.tail = 0}), "");
  EXPECT_EQ(read(folder.path / "none"), "");
  int count = 0;
  EXPECT_TRUE(read_logs(folder.path, {}, [&](const LogLine&) { return ++count < 2; }));
  EXPECT_EQ(count, 2) << "the sink can end it";
}

// Appends what `more` says after each line that was read, and ends when it says nothing.
std::string follow(const std::filesystem::path& folder, LogQuery query,
                   const std::function<void(const LogLine&)>& after, const std::string& last) {
  std::string out;
  std::stop_source stop;
  query.cancel = stop.get_token();
  EXPECT_TRUE(follow_logs(
      folder, query, [] { return true; },
      [&](const LogLine& line) {
        out += line.instance + ":" + line.text + "\n";
        after(line);
        if (line.text == last) stop.request_stop();
        return true;
      }));
  return out;
}

TEST(LogFollower, GoesOnWhereReadingEndedThroughRotationAndNewInstances) {
  TemporaryFolder folder;
  LogFile a(folder.path / "a", 200), b(folder.path / "b", 1 << 20);
  a.append("1\n", at(1));
  std::string expected = "a:1\n";
  for (int i = 2; i < 30; ++i) expected += "a:" + std::to_string(i) + "\n";
  const std::string got = follow(
      folder.path, {},
      [&](const LogLine& line) {
        if (line.text == "end") return;
        const int next = std::stoi(line.text) + 1;
        if (next < 30) a.append(std::to_string(next) + "\n", at(next));
        if (next == 30) b.append("end\n", at(30));
      },
      "end");
  EXPECT_EQ(got, expected + "b:end\n");
}

TEST(LogFollower, ShowsTheTailFirst) {
  TemporaryFolder folder;
  LogFile a(folder.path / "a", 1 << 20);
  for (int i = 0; i < 5; ++i) a.append(std::to_string(i) + "\n", at(i));
  const std::string got = follow(
      folder.path, {.tail = 2},
      [&](const LogLine& line) {
        if (line.text == "4") a.append("end\n", at(9));
      },
      "end");
  EXPECT_EQ(got, "a:3\na:4\na:end\n");
}

TEST(LogFollower, EndsWithTheFunctionAndWithTheSink) {
  TemporaryFolder folder;
  LogFile a(folder.path / "a", 1 << 20);
  a.append("1\n2\n", at(1));
  int lines = 0;
  EXPECT_TRUE(
      follow_logs(folder.path, {}, [] { return false; }, [&](const LogLine&) { return ++lines < 9; }));
  EXPECT_EQ(lines, 2);
  lines = 0;
  EXPECT_TRUE(follow_logs(folder.path, {}, [] { return true; }, [&](const LogLine&) { return ++lines < 1; }));
  EXPECT_EQ(lines, 1);
}

TEST(LogReader, SkipsLinesThatWereCutOff) {
  TemporaryFolder folder;
  std::ofstream(folder.path / "a.log") << "2023-11-14T22:13:20.000042Z whole\n2023-11-14T2\n\nnonsense\n";
  EXPECT_EQ(read(folder.path), "a:whole\n");
}

TEST(LogReader, PrunesTheOldestDead) {
  TemporaryFolder folder;
  for (int i = 0; i < 6; ++i) {
    const auto path = folder.path / ("i" + std::to_string(i) + ".log");
    std::ofstream(path) << "x\n";
    std::filesystem::last_write_time(path, std::filesystem::file_time_type(std::chrono::seconds(i)));
  }
  prune_logs(folder.path, [](const std::string& id) { return id == "i0"; }, 2);
  for (const auto& [name, kept] :
       {std::pair<const char*, bool>{"i0", true}, {"i1", false}, {"i3", false}, {"i4", true}, {"i5", true}})
    EXPECT_EQ(std::filesystem::exists(folder.path / (std::string(name) + ".log")), kept) << name;
}

}  // namespace
}  // namespace faisca::cluster
