#include "cli/platform/supervisor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <sstream>
#include <thread>

#include "cli/platform/home.h"
#include "cli/platform/port.h"
#include "cli/testing/fake_server.h"
#include "cli/testing/run.h"
#include "lib/base/files.h"

namespace faisca::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// Real processes: /bin/sh scripts that write what they do to a file. Waiting is for a line to appear, with a
// bound.
struct Supervised : ::testing::Test {
  static void SetUpTestSuite() { ASSERT_TRUE(block_signals()); }

  Service script(const std::string& name, const std::string& text) {
    Service service{.name = name, .command = {.path = "/bin/sh"}, .log = folder.path() / (name + ".log")};
    service.command.arguments = {"sh", "-c", text};
    service.command.environment = {"PATH=/usr/bin:/bin", "TRACE=" + trace().string()};
    return service;
  }
  fs::path trace() const { return folder.path() / "trace"; }
  std::string traced() const { return read_file(trace()).value_or(""); }
  size_t lines(const std::string& line) const {
    std::istringstream in(traced());
    size_t count = 0;
    for (std::string each; std::getline(in, each);) count += each == line;
    return count;
  }
  bool eventually(const std::function<bool()>& condition) const {
    for (int i = 0; i < 2000 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(5));
    return condition();
  }
  // Runs beside `story`, which is told on another thread; then SIGTERM, unless the start fails by itself.
  enum class End { kSignal, kFailure };
  Status supervise(std::vector<Service> services, const std::function<void(Supervisor&)>& story,
                   End end = End::kSignal) {
    SupervisorSettings settings;
    settings.stop_timeout = milliseconds(300);
    settings.restart = {milliseconds(1), milliseconds(10), 2.0};
    settings.notice = [this](const std::string& text) { notices += text + "\n"; };
    auto supervisor = Supervisor::make(std::move(services), settings);
    if (!supervisor) return fail(supervisor.error());
    const pid_t self = ::getpid();
    std::thread teller([&] {
      story(**supervisor);
      if (end == End::kSignal) ::kill(self, SIGTERM);
    });
    const Status done = (*supervisor)->run();
    teller.join();
    (*supervisor)->stop();
    return done;
  }
  static std::string forever(const std::string& name) {
    return "trap 'echo " + name + " stops >> $TRACE; exit 0' TERM; echo " + name +
           " $$ >> $TRACE.pid; echo " + name + " starts >> $TRACE; while :; do sleep 0.01; done";
  }

  TemporaryFolder folder;
  std::string notices;
};

TEST_F(Supervised, StopsInReverseOrderOnSigterm) {
  ASSERT_TRUE(
      supervise({script("first", forever("first")), script("second", forever("second"))}, [&](Supervisor& s) {
        ASSERT_TRUE(eventually([&] { return lines("first starts") == 1 && lines("second starts") == 1; }));
        s.report({});
      }));
  EXPECT_TRUE(traced().ends_with("second stops\nfirst stops\n")) << traced();
}

TEST_F(Supervised, StartsAgainWhatWasKilled) {
  ASSERT_TRUE(supervise({script("one", forever("one"))}, [&](Supervisor& s) {
    ASSERT_TRUE(eventually([&] { return lines("one starts") == 1; }));
    s.report({});
    for (size_t time = 1; time <= 3; ++time) {
      const std::string pids = read_file(trace().string() + ".pid").value_or("");
      const pid_t pid = std::stoi(pids.substr(pids.rfind(' ') + 1));
      // `report` is handled by then: the supervisor takes reports before it looks for ended programs.
      ::kill(pid, SIGKILL);
      ASSERT_TRUE(eventually([&] { return lines("one starts") == time + 1; }));
    }
  }));
  EXPECT_NE(notices.find("the one was killed by signal 9 (SIGKILL); starting it again"), std::string::npos)
      << notices;
}

TEST_F(Supervised, FailsTheStartWithTheLastLineOfTheLog) {
  const Status done = supervise(
      {script("good", forever("good")), script("bad", "echo first; echo no port >&2; exit 3")},
      [](Supervisor&) {}, End::kFailure);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("the bad exited with status 3 during the start: no port"),
            std::string::npos)
      << done.error().text();
}

TEST_F(Supervised, ReturnsTheErrorOfAFailedStart) {
  const Status done = supervise(
      {script("one", forever("one"))},
      [](Supervisor& s) { s.report(fail(Code::kUnavailable, "not healthy")); }, End::kFailure);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "not healthy");
}

TEST_F(Supervised, KillsWhatIgnoresSigterm) {
  ASSERT_TRUE(
      supervise({script("stubborn", "trap '' TERM; echo starts >> $TRACE; while :; do sleep 0.01; done")},
                [&](Supervisor& s) {
                  s.report({});
                  ASSERT_TRUE(eventually([&] { return lines("starts") == 1; }));
                }));
}

TEST_F(Supervised, LeavesNoOrphanBehind) {
  // The grandchild leaves group, session and parent; only a subreaper still finds it.
  const std::string leave = "setsid sh -c 'echo $$ >> $TRACE; exec sleep 600' & ";
  ASSERT_TRUE(supervise({script("parent", leave + forever("parent"))}, [&](Supervisor& s) {
    s.report({});
    ASSERT_TRUE(eventually([&] {
      const std::string text = traced();
      return std::count(text.begin(), text.end(), '\n') >= 2;
    }));
  }));
  std::istringstream in(traced());
  pid_t orphan = 0;
  for (std::string line; std::getline(in, line);)
    if (std::isdigit(static_cast<unsigned char>(line[0]))) orphan = std::stoi(line);
  ASSERT_GT(orphan, 0) << traced();
  EXPECT_NE(::kill(orphan, 0), 0) << "the orphan still runs";
}

TEST_F(Supervised, SaysWhenAProgramIsNotThere) {
  Service service{.name = "ghost", .command = {.path = "/nonexistent"}, .log = folder.path() / "ghost.log"};
  const Status done = supervise({service}, [](Supervisor&) {}, End::kFailure);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::kNotFound);
}

TEST(Home, BelongsToOneUpAtATime) {
  const TemporaryFolder folder;
  auto first = Home::open(folder.path() / "home");
  ASSERT_TRUE(first) << first.error().text();
  const auto second = Home::open(folder.path() / "home");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kFailedPrecondition);
  EXPECT_NE(second.error().message.find("pid " + std::to_string(::getpid())), std::string::npos);
  {
    const Home gone = *std::move(first);
  }
  EXPECT_TRUE(Home::open(folder.path() / "home"));
}

TEST(Home, PutsTheSocketElsewhereWhenItsPathIsTooLong) {
  const TemporaryFolder folder;
  const fs::path deep = folder.path() / std::string(60, 'a') / std::string(60, 'b');
  fs::path socket;
  {
    const auto home = Home::open(deep);
    ASSERT_TRUE(home) << home.error().text();
    socket = home->agent_socket();
    EXPECT_LT(socket.native().size(), 108u);
  }
  EXPECT_FALSE(fs::exists(socket.parent_path()));
}

TEST(Port, SaysWhoeverHasItAlready) {
  const FakeServer server([](const FakeServer::Request&) { return std::string(); });
  const std::string url = server.url();
  const auto port = static_cast<uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  const auto taken = free_port("127.0.0.1", port);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message, "127.0.0.1:" + std::to_string(port) + " is taken by another program");
  EXPECT_NE(taken.error().hint.find("--port N"), std::string::npos);
}

TEST(Port, PicksAFreeOneForZeroAndRefusesWhatIsNoAddress) {
  const auto port = free_port("127.0.0.1", 0);
  ASSERT_TRUE(port) << port.error().text();
  EXPECT_GT(*port, 1023);
  EXPECT_EQ(free_port("localhost", 0).error().code, Code::kInvalidArgument);
  EXPECT_EQ(free_port("192.0.2.1", 0).error().code, Code::kInvalidArgument);
}

}  // namespace
}  // namespace faisca::cli
