#include "lib/cluster/embedded/instance.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "lib/cluster/embedded/environment.h"
#include "lib/cluster/embedded/listener.h"

namespace faisca::cluster {
namespace {

constexpr std::chrono::milliseconds kLongestProbePause{100};
constexpr int kListenFd = 3;
constexpr int kMetricsFd = 4;

}  // namespace

Result<std::unique_ptr<Instance>> Instance::start(PlanPtr plan, std::string id,
                                                  const EmbeddedSettings& settings, SteadyTime now) {
  const api::Function& function = plan->deployment.function;
  std::unique_ptr<Instance> instance(
      new Instance(plan, id, settings.home / "logs" / function.metadata.name / id, settings, now));
  instance->lock_file_ = settings.home / "run" / (id + ".lock");
  FAISCA_TRY(listener, listen_on_loopback());
  FAISCA_TRY(metrics, listen_on_loopback());
  instance->port_ = listener.port;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) < 0) return fail(errno_error(errno, "cannot create a pipe"));
  instance->output_.reset(ends[0]);
  const UniqueFd write_end(ends[1]);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);  // this end only: the instance's writes block as usual

  InstancePlace place;
  place.id = id;
  place.home = settings.home.string();
  place.object = plan->object;
  place.agent = settings.agent;
  place.lock_file = instance->lock_file_.string();
  place.listen_fd = kListenFd;
  place.metrics_fd = kMetricsFd;
  process::Command command;
  command.path = plan->watchdog;
  command.arguments = plan->arguments;
  command.environment = instance_environment(function, place);
  command.folder = plan->folder;
  command.fds = {{write_end.get(), 1},
                 {write_end.get(), 2},
                 {listener.fd.get(), kListenFd},
                 {metrics.fd.get(), kMetricsFd}};
  command.group = process::Group::kNewSession;
  FAISCA_TRY(child, process::spawn(command));
  instance->child_ = std::move(child);
  return instance;
}

void Instance::enter(Phase phase, SteadyTime now) {
  phase_ = phase;
  since_ = now;
}

bool Instance::on_output(WallTime now) {
  std::array<char, 16 * 1024> buffer;
  for (int round = 0; round < 16; ++round) {
    const ssize_t got = ::read(output_.get(), buffer.data(), buffer.size());
    if (got > 0) log_.append({buffer.data(), static_cast<size_t>(got)}, now);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return false;
    if (got < 0 && errno == EAGAIN) return true;
  }
  return true;
}

Probe* Instance::start_probe(SteadyTime now) {
  next_probe_.reset();
  if (phase_ == Phase::kReady && !unanswered_) unanswered_ = now;
  probe_.emplace(port_);
  return &*probe_;
}

bool Instance::on_probe(SteadyTime now) {
  if (!probe_) return false;
  const Probe::State state = probe_->advance();
  if (state == Probe::State::kConnecting || state == Probe::State::kReading) return false;
  if (probe_->answered()) unanswered_.reset();
  probe_.reset();
  if (phase_ == Phase::kReady) next_probe_ = now + health_period_;
  if (phase_ != Phase::kStarting) return false;
  if (state == Probe::State::kReady) {
    next_probe_ = now + health_period_;
    enter(Phase::kReady, now);
    ready_since_ = now;
    return true;
  }
  next_probe_ = now + probe_pause_;
  probe_pause_ = std::min(probe_pause_ * 2, kLongestProbePause);
  return false;
}

void Instance::drain(SteadyTime now) {
  asked_to_end_ = true;
  probe_.reset();
  next_probe_.reset();
  enter(Phase::kDraining, now);
  process::signal_child(child_.pidfd.get(), SIGTERM);
}

void Instance::kill(SteadyTime now, std::string reason) {
  probe_.reset();
  next_probe_.reset();
  kill_reason_ = std::move(reason);
  enter(Phase::kKilled, now);
  process::signal_group(child_.pid, SIGKILL);
}

std::string Instance::on_exit(WallTime now) {
  process::signal_group(child_.pid, SIGKILL);  // before reaping: the pid is still ours
  const auto exit = process::try_wait(child_.pidfd.get());
  on_output(now);
  log_.flush(now);
  std::error_code ignored;
  std::filesystem::remove(lock_file_, ignored);
  std::string text = kill_reason_;
  if (text.empty()) text = exit && *exit ? (*exit)->text() : "ended";
  return text + (log_.last_line().empty() ? "" : ": " + log_.last_line());
}

}  // namespace faisca::cluster
