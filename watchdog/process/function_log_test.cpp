#include "watchdog/process/function_log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace faisca::watchdog {
namespace {

class FunctionLogTest : public ::testing::Test {
 protected:
  FunctionLogTest() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    read_.reset(ends[0]);
    write_.reset(ends[1]);
    log_ = std::make_unique<FunctionLog>(*reactor_, write_.get());
  }
  std::string written() {
    std::string out;
    char buffer[4096];
    for (ssize_t count; (count = ::read(read_.get(), buffer, sizeof buffer)) > 0;)
      out.append(buffer, static_cast<size_t>(count));
    return out;
  }

  std::unique_ptr<Reactor> reactor_ = *Reactor::create();
  UniqueFd read_, write_;
  std::unique_ptr<FunctionLog> log_;
};
using LineSplitterTest = FunctionLogTest;

TEST_F(FunctionLogTest, GathersLinesUntilFlushed) {
  log_->line("one");
  log_->line("stderr: ", "two");
  EXPECT_EQ(written(), "");
  log_->flush();
  EXPECT_EQ(written(), "one\nstderr: two\n");
}

TEST_F(FunctionLogTest, WritesAFullBufferAtOnceAndKeepsPiecesWhole) {
  log_->line(std::string(3000, 'a'));
  log_->line(std::string(3000, 'b'));
  EXPECT_EQ(written(), std::string(3000, 'a') + "\n");
  log_.reset();
  EXPECT_EQ(written(), std::string(3000, 'b') + "\n");
}

TEST_F(FunctionLogTest, SurvivesAReaderThatIsGone) {
  ::signal(SIGPIPE, SIG_IGN);
  read_.reset();
  log_->line("lost");
  log_->flush();
}

TEST_F(LineSplitterTest, MakesLinesOfPieces) {
  LineSplitter lines(*log_, "> ", 100);
  for (const char* piece : {"on", "e\ntwo\n", "\nthr", "ee"}) lines.feed(piece);
  lines.end();
  log_->flush();
  EXPECT_EQ(written(), "> one\n> two\n> \n> three\n");
}

TEST_F(LineSplitterTest, CutsLinesThatAreTooLong) {
  LineSplitter lines(*log_, "", 4);
  lines.feed("abcdefghij\nkl\nmnop\n");
  lines.end();
  log_->flush();
  EXPECT_EQ(written(), "abcd\nefgh\nij\nkl\nmnop\n");
}

}  // namespace
}  // namespace faisca::watchdog
