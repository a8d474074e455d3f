#include "lib/process/wait.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <csignal>

#include "lib/process/spawn.h"

namespace faisca::process {
namespace {

Child start(const char* script) {
  Command command{.path = "/bin/sh"};
  command.arguments = {"sh", "-c", script};
  command.environment = {"PATH=/bin"};
  return *spawn(command);
}

void until_readable(int pidfd) {
  pollfd item{pidfd, POLLIN, 0};
  ASSERT_EQ(::poll(&item, 1, 30'000), 1);
}

TEST(Wait, TellsStatusAndSignalApart) {
  EXPECT_EQ(wait(start("exit 3").pidfd.get())->text(), "exited with status 3");
  EXPECT_EQ(wait(start("kill -SEGV $$").pidfd.get())->text(), "was killed by signal 11 (SIGSEGV)");
  EXPECT_TRUE(wait(start("exit 0").pidfd.get())->success());
}

TEST(Wait, IsEmptyWhileTheChildRuns) {
  const Child child = start("exec sleep 1000");
  EXPECT_EQ(*try_wait(child.pidfd.get()), std::nullopt);
  signal_child(child.pidfd.get(), SIGKILL);
  EXPECT_EQ(wait(child.pidfd.get())->signal, SIGKILL);
}

TEST(Wait, PeekLeavesTheChildToBeReaped) {
  const Child child = start("exit 4");
  until_readable(child.pidfd.get());
  EXPECT_EQ((*peek(child.pidfd.get()))->status, 4);
  EXPECT_EQ((*peek(child.pidfd.get()))->status, 4);
  EXPECT_EQ((*try_wait(child.pidfd.get()))->status, 4);
  EXPECT_EQ(try_wait(child.pidfd.get()).error().code, Code::kNotFound);
}

TEST(Wait, SignalsTheWholeGroup) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  UniqueFd read(ends[0]), write(ends[1]);
  Command command{.path = "/bin/sh"};
  command.arguments = {"sh", "-c", "sleep 1000 & echo; wait"};
  command.environment = {"PATH=/bin"};
  command.fds = {{write.get(), 1}};
  const auto child = spawn(command);
  write.reset();
  char byte;
  ASSERT_EQ(::read(read.get(), &byte, 1), 1);
  signal_group(child->pid, SIGKILL);
  EXPECT_EQ(wait(child->pidfd.get())->signal, SIGKILL);
  EXPECT_EQ(::read(read.get(), &byte, 1), 0) << "sleep held the pipe; it is gone too";
}

}  // namespace
}  // namespace faisca::process
