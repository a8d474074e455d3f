#include "lib/process/spawn.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "lib/process/launch.h"
#include "lib/process/wait.h"

namespace faisca::process {
namespace {

using ::testing::HasSubstr;

struct Pipe {
  Pipe() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
  std::string read_all() {
    write.reset();
    std::string out;
    char buffer[4096];
    for (ssize_t n; (n = ::read(read.get(), buffer, sizeof buffer)) > 0;)
      out.append(buffer, static_cast<size_t>(n));
    return out;
  }
  UniqueFd read, write;
};

Command shell(std::string script, const Pipe& out) {
  Command command;
  command.path = "/bin/sh";
  command.arguments = {"sh", "-c", std::move(script)};
  command.environment = {"PATH=/usr/bin:/bin"};
  command.fds = {{out.write.get(), 1}};
  return command;
}

std::string output_of(std::string script) {
  Pipe out;
  auto child = spawn(shell(std::move(script), out));
  EXPECT_TRUE(child) << child.error().text();
  std::string text = out.read_all();
  EXPECT_TRUE(wait(child->pidfd.get())->success());
  return text;
}

class Folder : public ::testing::Test {
 protected:
  Folder() { std::filesystem::create_directories(path_); }
  ~Folder() override { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name, const std::string& content, std::filesystem::perms perms) {
    const auto path = path_ / name;
    std::ofstream(path) << content;
    std::filesystem::permissions(path, perms);
    return path;
  }
  std::filesystem::path path_ =
      std::filesystem::path(::testing::TempDir()) / ("spawn_test_" + std::to_string(::getpid()));
};
using SpawnErrors = Folder;

TEST(Spawn, GivesTheChildExactlyTheEnvironment) {
  Pipe out;
  Command command;
  command.path = "/usr/bin/env";
  command.environment = {"A=1", "B=two words"};
  command.fds = {{out.write.get(), 1}};
  auto child = spawn(command);
  ASSERT_TRUE(child) << child.error().text();
  EXPECT_EQ(out.read_all(), "A=1\nB=two words\n");
  EXPECT_TRUE(wait(child->pidfd.get())->success());
}

TEST(Spawn, RunsInTheFolder) {
  Pipe out;
  Command command = shell("pwd", out);
  command.folder = "/usr/bin";
  auto child = spawn(command);
  ASSERT_TRUE(child);
  EXPECT_EQ(out.read_all(), "/usr/bin\n");
  (void)wait(child->pidfd.get());
}

TEST(Spawn, LeavesOnlyTheListedDescriptorsOpen) {
  const UniqueFd leaky(::open("/dev/null", O_RDONLY));  // without close-on-exec
  // 3 is the descriptor with which ls reads the folder.
  EXPECT_EQ(output_of("exec ls /proc/self/fd"), "0\n1\n2\n3\n");
}

TEST(Spawn, MapsDescriptorsThatSwapNumbers) {
  Pipe a, b, out;
  ASSERT_EQ(::write(a.write.get(), "a", 1), 1);
  ASSERT_EQ(::write(b.write.get(), "b", 1), 1);
  a.write.reset();
  b.write.reset();
  Command command =
      shell("cat <&" + std::to_string(a.read.get()) + "; cat <&" + std::to_string(b.read.get()), out);
  ASSERT_LT(std::max(a.read.get(), b.read.get()), 10) << "sh reads only one digit";
  command.fds.push_back({a.read.get(), b.read.get()});
  command.fds.push_back({b.read.get(), a.read.get()});
  auto child = spawn(command);
  ASSERT_TRUE(child) << child.error().text();
  EXPECT_EQ(out.read_all(), "ba");
  (void)wait(child->pidfd.get());
}

TEST(Spawn, KeepsADescriptorUnderItsOwnNumber) {
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
  const UniqueFd ours(pair[0]), theirs(pair[1]);
  Pipe out;
  Command command = shell("echo x >&" + std::to_string(theirs.get()), out);
  command.fds.push_back({theirs.get(), theirs.get()});
  auto child = spawn(command);
  ASSERT_TRUE(child);
  EXPECT_TRUE(wait(child->pidfd.get())->success());
  char text[2];
  EXPECT_EQ(::read(ours.get(), text, 2), 2);
  EXPECT_NE(::fcntl(theirs.get(), F_GETFD) & FD_CLOEXEC, 0) << "the parent's own flag is unchanged";
}

TEST(Spawn, ResetsIgnoredAndHandledSignals) {
  const auto old_pipe = ::signal(SIGPIPE, SIG_IGN);
  const auto old_term = ::signal(SIGTERM, [](int) {});
  sigset_t blocked, before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const std::string status = output_of("grep -E 'Sig(Blk|Ign)' /proc/self/status");
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::signal(SIGPIPE, old_pipe);
  ::signal(SIGTERM, old_term);
  EXPECT_EQ(status, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(Spawn, MakesTheChildLeadItsGroup) {
  Pipe out;
  auto child = spawn(shell("ps -o pgid= -p $$", out));
  ASSERT_TRUE(child);
  EXPECT_EQ(std::stoi(out.read_all()), child->pid);
  (void)wait(child->pidfd.get());
}

TEST(Spawn, KillsTheChildWhenTheSpawningThreadEnds) {
  Pipe out;
  UniqueFd pidfd;
  std::thread([&] {
    auto child = spawn(shell("exec sleep 1000", out));
    ASSERT_TRUE(child);
    pidfd = std::move(child->pidfd);
  }).join();
  EXPECT_EQ(wait(pidfd.get())->signal, SIGKILL);
}

TEST(Spawn, ClosesWhatItOpened) {
  const auto count = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator());
  };
  output_of("true");
  const auto before = count();
  for (int i = 0; i < 20; ++i) output_of("true");
  EXPECT_EQ(count(), before);
}

TEST(Spawn, WorksFromSeveralThreadsAtOnce) {
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) good += output_of("echo " + std::to_string(t)) == std::to_string(t) + "\n";
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 100);
}

TEST_F(SpawnErrors, NameAMissingProgram) {
  auto child = spawn(Command{.path = "/no/such/program"});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, Code::kNotFound);
  EXPECT_THAT(child.error().text(), HasSubstr("cannot start \"/no/such/program\": no such file"));
}

TEST_F(SpawnErrors, NameAMissingInterpreter) {
  const std::string path = file("script", "#!/no/interpreter\n", std::filesystem::perms::owner_all);
  auto child = spawn(Command{.path = path});
  ASSERT_FALSE(child);
  EXPECT_THAT(child.error().text(), HasSubstr("the interpreter that it names does not exist"));
}

TEST_F(SpawnErrors, NameAFileThatIsNotExecutable) {
  const std::string path = file("script", "#!/bin/sh\n", std::filesystem::perms::owner_read);
  auto child = spawn(Command{.path = path});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, Code::kPermissionDenied);
  EXPECT_THAT(child.error().text(), HasSubstr("not executable"));
}

TEST_F(SpawnErrors, NameAFileThatIsNoProgram) {
  const std::string path = file("text", "echo no first line\n", std::filesystem::perms::owner_all);
  auto child = spawn(Command{.path = path});
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, Code::kInvalidArgument);
  EXPECT_THAT(child.error().text(), HasSubstr("needs a #! line"));
}

TEST_F(SpawnErrors, NameAMissingFolder) {
  Command command{.path = "/bin/true"};
  command.folder = "/no/folder";
  auto child = spawn(command);
  ASSERT_FALSE(child);
  EXPECT_THAT(child.error().text(), HasSubstr("in the folder \"/no/folder\": No such file"));
}

TEST_F(SpawnErrors, NameAnEnvironmentThatIsTooLarge) {
  Command command{.path = "/bin/true"};
  command.environment = {"BIG=" + std::string(200'000, 'x')};
  auto child = spawn(command);
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, Code::kOutOfRange);
}

TEST_F(SpawnErrors, RefuseTwoDescriptorsForOneNumber) {
  Command command{.path = "/bin/true"};
  command.fds = {{0, 1}, {2, 1}};
  EXPECT_EQ(spawn(command).error().code, Code::kInvalidArgument);
}

TEST_F(SpawnErrors, LeaveNoZombie) {
  ASSERT_FALSE(spawn(Command{.path = "/no/such/program"}));
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(PosixSpawn, DoesTheSameWhereThereIsNoClone3) {
  Pipe out;
  const std::string script = "echo $A; ls /proc/self/fd";
  char* const arguments[] = {const_cast<char*>("sh"), const_cast<char*>("-c"),
                             const_cast<char*>(script.c_str()), nullptr};
  char* const environment[] = {const_cast<char*>("A=1"), const_cast<char*>("PATH=/bin"), nullptr};
  const UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  RawCommand command;
  command.path = "/bin/sh";
  command.arguments = arguments;
  command.environment = environment;
  internal::Launch launch;
  launch.command = &command;
  launch.fds = {{{nothing.get(), 0}, {out.write.get(), 1}, {nothing.get(), 2}}};
  launch.fd_count = 3;
  const internal::Outcome outcome = internal::launch_with_posix_spawn(launch);
  ASSERT_GT(outcome.pid, 0);
  EXPECT_EQ(out.read_all(), "1\n0\n1\n2\n3\n");
  const UniqueFd pidfd(outcome.pidfd);
  EXPECT_TRUE(wait(pidfd.get())->success());
}

}  // namespace
}  // namespace faisca::process
