#include "cli/platform/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <mutex>

#include "cli/platform/orphans.h"
#include "lib/base/files.h"

namespace faisca::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr uintmax_t kMaxLogBytes = 5u << 20;

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&set, number);
  return set;
}

Result<UniqueFd> open_log(const std::filesystem::path& path) {
  std::error_code error;
  if (const auto size = std::filesystem::file_size(path, error); !error && size > kMaxLogBytes)
    std::filesystem::rename(path, path.string() + ".1", error);
  UniqueFd log(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!log) return fail(errno_error(errno, "opening " + path.string()));
  return log;
}

// What a program said last: where the reason of a failed start stands.
std::string last_line(const std::filesystem::path& path) {
  std::string text = read_file(path, 4 * kMaxLogBytes).value_or("");
  while (text.ends_with('\n')) text.pop_back();
  const size_t newline = text.rfind('\n');
  return newline == std::string::npos ? text : text.substr(newline + 1);
}

}  // namespace

struct Supervisor::Running {
  Running(Service service, Backoff::Settings restart) : service(std::move(service)), backoff(restart) {}

  Service service;
  Backoff backoff;
  std::optional<process::Child> child;
  SteadyClock::time_point started;
  std::optional<SteadyClock::time_point> start_at;
};

struct Supervisor::Report {
  std::mutex mutex;
  std::optional<Status> start;  // guarded by mutex
};

Status block_signals() {
  const sigset_t set = handled_signals();
  if (const int error = ::pthread_sigmask(SIG_BLOCK, &set, nullptr); error != 0)
    return fail(errno_error(error, "blocking signals"));
  return {};
}

Result<std::unique_ptr<Supervisor>> Supervisor::make(std::vector<Service> services,
                                                     SupervisorSettings settings) {
  std::unique_ptr<Supervisor> supervisor(new Supervisor(std::move(services), std::move(settings)));
  FAISCA_CHECK_OK(supervisor->open_descriptors());
  FAISCA_CHECK_OK(adopt_orphans());
  return supervisor;
}

Supervisor::Supervisor(std::vector<Service> services, SupervisorSettings settings)
    : settings_(std::move(settings)), report_(std::make_unique<Report>()) {
  for (Service& service : services)
    services_.push_back(std::make_unique<Running>(std::move(service), settings_.restart));
}

Supervisor::~Supervisor() { stop_all(); }

Status Supervisor::open_descriptors() {
  const sigset_t set = handled_signals();
  signals_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  int ends[2] = {-1, -1};
  if (!signals_ || ::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    return fail(errno_error(errno, "waiting for signals"));
  report_read_.reset(ends[0]);
  report_write_.reset(ends[1]);
  return {};
}

Status Supervisor::run() {
  for (auto& service : services_) FAISCA_CHECK_OK(start(*service));
  for (;;) {
    wait_for_events();
    if (take_signals()) return {};
    FAISCA_CHECK_OK(take_reports());
    FAISCA_CHECK_OK(reap());
    FAISCA_CHECK_OK(start_due());
  }
}

void Supervisor::report(Status start) {
  {
    std::lock_guard lock(report_->mutex);
    report_->start = std::move(start);
  }
  const char wake = 1;
  [[maybe_unused]] const ssize_t written = ::write(report_write_.get(), &wake, 1);
}

Status Supervisor::take_reports() {
  char bytes[8];
  while (::read(report_read_.get(), bytes, sizeof bytes) > 0) {
  }
  std::lock_guard lock(report_->mutex);
  if (!report_->start) return {};
  Status start = std::move(*report_->start);
  report_->start.reset();
  ready_ = start.has_value();
  return start;
}

Status Supervisor::start(Running& running) {
  running.start_at.reset();
  FAISCA_TRY(log, open_log(running.service.log));
  process::Command command = running.service.command;
  command.fds = {{log.get(), STDOUT_FILENO}, {log.get(), STDERR_FILENO}};
  command.group = process::Group::kNewGroup;  // Ctrl-C reaches only `up`, which stops them in order
  command.on_parent_death = process::OnParentDeath::kKill;
  FAISCA_TRY(child, process::spawn(command).map_error(while_doing("starting the " + running.service.name)));
  running.child = std::move(child);
  running.started = SteadyClock::now();
  return {};
}

void Supervisor::wait_for_events() {
  std::vector<pollfd> fds = {{signals_.get(), POLLIN, 0}, {report_read_.get(), POLLIN, 0}};
  int timeout = -1;
  for (const auto& running : services_) {
    if (running->child) fds.push_back({running->child->pidfd.get(), POLLIN, 0});
    if (!running->start_at) continue;
    const auto wait = std::chrono::ceil<milliseconds>(*running->start_at - SteadyClock::now()).count();
    const int bounded = static_cast<int>(std::max<long>(0, wait));
    timeout = timeout < 0 ? bounded : std::min(timeout, bounded);
  }
  ::poll(fds.data(), fds.size(), timeout);
}

bool Supervisor::take_signals() {
  bool end = false;
  signalfd_siginfo info;
  while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
    if (info.ssi_signo == SIGCHLD)
      end_orphans_now();
    else
      end = true;
  }
  return end;
}

Status Supervisor::reap() {
  for (auto& running : services_) {
    if (!running->child) continue;
    FAISCA_TRY(ended, process::try_wait(running->child->pidfd.get()));
    if (!ended) continue;
    running->child.reset();
    end_orphans_now();
    if (!ready_)
      return fail(Code::kFailedPrecondition,
                  "the " + running->service.name + " " + ended->text() +
                      " during the start: " + last_line(running->service.log),
                  "the whole log is " + running->service.log.string());
    if (SteadyClock::now() - running->started > settings_.stable_after) running->backoff.reset();
    const milliseconds wait = running->backoff.next();
    running->start_at = SteadyClock::now() + wait;
    if (settings_.notice)
      settings_.notice("the " + running->service.name + " " + ended->text() + "; starting it again");
  }
  return {};
}

Status Supervisor::start_due() {
  for (auto& running : services_) {
    if (!running->start_at || SteadyClock::now() < *running->start_at) continue;
    if (const Status started = start(*running); !started) {
      if (settings_.notice) settings_.notice(started.error().text());
      running->start_at = SteadyClock::now() + running->backoff.next();
    }
  }
  return {};
}

// Last started, last stopped would leave the gateway without what it calls: the services are listed callee
// first, so they stop from the end.
void Supervisor::stop_all() {
  for (auto it = services_.rbegin(); it != services_.rend(); ++it) {
    Running& running = **it;
    running.start_at.reset();
    if (!running.child) continue;
    process::signal_child(running.child->pidfd.get(), SIGTERM);
    const auto deadline = SteadyClock::now() + settings_.stop_timeout;
    for (;;) {
      const auto ended = process::try_wait(running.child->pidfd.get());
      if (!ended || *ended) break;
      const auto left = std::chrono::ceil<milliseconds>(deadline - SteadyClock::now()).count();
      if (left <= 0 || impatient_) {
        process::signal_child(running.child->pidfd.get(), SIGKILL);
        (void)process::wait(running.child->pidfd.get());
        break;
      }
      pollfd fds[] = {{running.child->pidfd.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}};
      ::poll(fds, 2, static_cast<int>(left));
      if (take_signals()) impatient_ = true;
    }
    running.child.reset();
  }
  // Each orphan that ends may leave others behind.
  const auto deadline = SteadyClock::now() + settings_.stop_timeout;
  while (end_orphans({}) > 0 && SteadyClock::now() < deadline) {
    pollfd fd = {signals_.get(), POLLIN, 0};
    ::poll(&fd, 1, 100);
    signalfd_siginfo info;
    while (::read(signals_.get(), &info, sizeof info) > 0) {
    }
  }
}

void Supervisor::end_orphans_now() {
  std::vector<pid_t> known;
  for (const auto& running : services_)
    if (running->child) known.push_back(running->child->pid);
  end_orphans(known);
}

}  // namespace faisca::cli
