#include "watchdog/process/run.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace faisca::watchdog {
namespace {

// What an empty pipe takes without blocking even where the user's pipes were cut down to a page (pipe(7)).
constexpr size_t kAtOnce = 4096;
// So long a process is left to itself: its output fits the pipe, or it waits this long.
constexpr Duration kShortProcess = std::chrono::milliseconds(2);
// A stray that still writes after its parent's end must not keep the run alive: more than a pipe holds is not
// read.
constexpr size_t kLargestPipe = 1 << 20;

int null_device() {
  static const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  return fd;
}

Error pipe_error() {
  Error error = errno_error(errno, "cannot make a pipe");
  error.code = Code::kResourceExhausted;
  error.hint = "raise ulimit -n, or lower max_inflight";
  return error;
}

}  // namespace

ProcessRun::ProcessRun(Reactor& reactor, KnownChildren& known, PipeStock& pipes, Listener& listener)
    : reactor_(reactor),
      known_(known),
      pipes_(pipes),
      listener_(listener),
      watch_output_at_(reactor, *this, kWatchOutput) {}

ProcessRun::~ProcessRun() {
  if (!pidfd_) return;
  process::signal_group(pid_, SIGKILL);
  (void)process::wait(pidfd_.get());
  known_.remove(pid_);
}

Status ProcessRun::start(const Program& program, std::string_view input, Input more) {
  Pipe in, out, errors;
  const bool needs_pipe = more == Input::kMoreFollows || !input.empty();
  if ((needs_pipe && !pipes_.take(in)) || !pipes_.take(out) ||
      (program.stderr_to == Stderr::kSeparate && !errors.open()))
    return fail(pipe_error());
  input_.clear();
  input_start_ = 0;
  input_ended_ = more == Input::kWhole;
  output_paused_ = false;
  exit_.reset();
  if (needs_pipe && (input.size() > kAtOnce || !input_ended_))
    ::fcntl(in.write.get(), F_SETFL, O_WRONLY | O_NONBLOCK);
  if (!input.empty()) {
    const ssize_t count = ::write(in.write.get(), input.data(), input.size());
    input.remove_prefix(count > 0 ? static_cast<size_t>(count) : 0);
  }
  input_ = input;
  if (input_ended_ && input_.empty()) in.write.reset();

  const int out_fd = out.write.get();
  const std::array<process::FdMapping, 3> fds = {
      {{needs_pipe ? in.read.get() : null_device(), 0},
       {out_fd, 1},
       {program.stderr_to == Stderr::kSeparate ? errors.write.get() : out_fd, 2}}};
  process::RawCommand command;
  command.path = program.path;
  command.arguments = program.arguments;
  command.environment = program.environment;
  command.fds = fds;
  FAISCA_TRY(child, process::spawn(command));
  pid_ = child.pid;
  known_.add(pid_);
  pidfd_ = std::move(child.pidfd);
  stdin_ = std::move(in.write);
  stdout_ = std::move(out.read);
  stderr_ = std::move(errors.read);

  Status watched = watch_exit_.start(reactor_, pidfd_.get(), EPOLLIN, *this, kExit);
  if (watched && stdin_) {
    // Much input: likely much output.
    watched = watch_output();
    if (watched && waiting_input() > 0)
      watched = watch_stdin_.start(reactor_, stdin_.get(), EPOLLOUT, *this, kStdin);
  } else {
    watch_output_at_.set_after(kShortProcess);
  }
  if (watched) return {};
  process::signal_group(pid_, SIGKILL);
  (void)process::wait(pidfd_.get());
  known_.remove(pid_);
  pid_ = -1;
  for (Watch* watch : {&watch_exit_, &watch_stdout_, &watch_stderr_, &watch_stdin_}) watch->stop();
  for (UniqueFd* fd : {&pidfd_, &stdin_, &stdout_, &stderr_}) fd->reset();
  return watched;
}

void ProcessRun::on_event(int tag, uint32_t events) {
  switch (tag) {
    case kStdin:
      return write_input();
    case kStdout:
    case kStderr:
      return read_output(tag, events);
    case kExit:
      return check_exit(Ended::kCertain);
    case kWatchOutput:
      (void)watch_output();
      return;
  }
}

Status ProcessRun::watch_output() {
  if (stderr_) FAISCA_CHECK_OK(watch_stderr_.start(reactor_, stderr_.get(), EPOLLIN, *this, kStderr));
  if (stdout_ && !output_paused_)
    return watch_stdout_.start(reactor_, stdout_.get(), EPOLLIN, *this, kStdout);
  return {};
}

void ProcessRun::feed(std::string_view input) {
  if (!stdin_) return;  // it closed its stdin: whatever comes is dropped
  if (waiting_input() == 0) {
    input_.clear();
    input_start_ = 0;
  }
  input_ += input;
  if (!watch_stdin_.active()) write_input();
}

void ProcessRun::end_input() {
  input_ended_ = true;
  if (stdin_ && waiting_input() == 0) close_input();
}

void ProcessRun::write_input() {
  while (waiting_input() > 0) {
    const ssize_t count = ::write(stdin_.get(), input_.data() + input_start_, waiting_input());
    if (count > 0) {
      input_start_ += static_cast<size_t>(count);
      continue;
    }
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      if (!watch_stdin_.active() && watch_stdin_.start(reactor_, stdin_.get(), EPOLLOUT, *this, kStdin))
        return;
      if (watch_stdin_.active()) return;
    }
    close_input();  // EPIPE: the handler does not want the rest, which is its right
    return listener_.on_input_taken();
  }
  watch_stdin_.stop();
  if (input_ended_) close_input();
  listener_.on_input_taken();
}

void ProcessRun::close_input() {
  watch_stdin_.stop();
  stdin_.reset();
  input_start_ = input_.size();
}

void ProcessRun::read_output(int tag, uint32_t events) {
  UniqueFd& fd = tag == kStdout ? stdout_ : stderr_;
  Watch& watch = tag == kStdout ? watch_stdout_ : watch_stderr_;
  auto& scratch = reactor_.scratch();
  // One read after EPOLLIN cannot block; after EPOLLHUP there is no writer left, and none can.
  do {
    const ssize_t count = ::read(fd.get(), scratch.data(), scratch.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      watch.forget();
      fd.reset();
      if (!exit_)
        check_exit(Ended::kMaybe);
      else
        maybe_end();
      return;
    }
    const std::string_view data(scratch.data(), static_cast<size_t>(count));
    if (tag == kStderr) {
      listener_.on_stderr(data);
    } else if (!listener_.on_stdout(data)) {
      output_paused_ = true;
      watch_stdout_.stop();
      return;
    }
  } while (events & EPOLLHUP);
}

void ProcessRun::resume_output() {
  if (!std::exchange(output_paused_, false) || !stdout_) return;
  if (exit_) {
    drain_rest(stdout_, kStdout);
    return maybe_end();
  }
  (void)watch_stdout_.start(reactor_, stdout_.get(), EPOLLIN, *this, kStdout);
}

void ProcessRun::kill() {
  if (!running()) return;
  output_paused_ = false;
  if (!exit_) return process::signal_group(pid_, SIGKILL);
  watch_stdout_.stop();
  stdout_.reset();
  maybe_end();
}

void ProcessRun::check_exit(Ended ended) {
  const auto seen = process::peek(pidfd_.get());
  if (ended == Ended::kMaybe && seen && !*seen) return;
  exit_ = seen && *seen ? **seen : process::Exit{.signal = SIGKILL};
  watch_output_at_.clear();
  if (!output_paused_) drain_rest(stdout_, kStdout);
  drain_rest(stderr_, kStderr);
  maybe_end();
  if (running()) bury();  // its client is slow; its group is not to live on for that
}

// Cleans up after a process that has ended. Its group gets SIGKILL before its pid is free for others.
void ProcessRun::bury() {
  if (!pidfd_) return;
  process::signal_group(pid_, SIGKILL);
  (void)process::try_wait(pidfd_.get());
  known_.remove(pid_);
  watch_exit_.forget();
  pidfd_.reset();
  close_input();
}

// After the end of the process: what is in the pipe now is all that counts, though a stray may still hold it.
void ProcessRun::drain_rest(UniqueFd& fd, int tag) {
  auto& scratch = reactor_.scratch();
  for (size_t left = kLargestPipe; fd && left > 0;) {
    int available = 0;
    if (::ioctl(fd.get(), FIONREAD, &available) != 0 || available <= 0) break;
    const ssize_t count = ::read(fd.get(), scratch.data(), scratch.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    left -= std::min(left, static_cast<size_t>(count));
    if (count >= available) left = 0;  // what comes later is a stray's
    const std::string_view data(scratch.data(), static_cast<size_t>(count));
    if (tag == kStderr) {
      listener_.on_stderr(data);
    } else if (!listener_.on_stdout(data)) {
      output_paused_ = true;
      watch_stdout_.stop();
      return;
    }
  }
  (tag == kStdout ? watch_stdout_ : watch_stderr_).stop();
  fd.reset();
}

void ProcessRun::maybe_end() {
  if (!running() || !exit_ || stdout_ || stderr_) return;
  // First the answer, then the cleaning: somebody waits for the one and nobody for the other.
  listener_.on_end(*exit_);
  bury();
  pid_ = -1;
  pipes_.restock();
}

}  // namespace faisca::watchdog
