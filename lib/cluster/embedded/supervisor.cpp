#include "lib/cluster/embedded/supervisor.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>

#include "lib/base/log.h"
#include "lib/cluster/embedded/log_reader.h"
#include "lib/cluster/embedded/orphans.h"

namespace faisca::cluster {
namespace {

// The low bits of an epoll token say which descriptor of the instance it is.
enum Tag : uint64_t { kExitTag, kOutputTag, kProbeTag, kTags };
constexpr uint64_t kWakeupToken = 0;
constexpr int kSweeps = 2;  // looks for what an ended instance left; see kill_marked
constexpr std::chrono::milliseconds kSweepPause{10};
constexpr std::chrono::seconds kStrayTime{2};

void add_to(int epoll, int fd, uint32_t events, uint64_t token) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = token;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

// Grows with time, also over restarts: instance ids are never used again. Base 36 keeps it short.
std::string id_text(uint64_t number) {
  std::string text;
  for (; number > 0; number /= 36)
    text.insert(text.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]);
  return text;
}

}  // namespace

Supervisor::Supervisor(const EmbeddedSettings& settings, std::function<void(const std::string&)> gone)
    : settings_(settings), gone_(std::move(gone)) {}

Result<std::unique_ptr<Supervisor>> Supervisor::start(const EmbeddedSettings& settings,
                                                      std::function<void(const std::string&)> gone) {
  std::unique_ptr<Supervisor> made(new Supervisor(settings, std::move(gone)));
  made->epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  made->wakeup_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!made->epoll_ || !made->wakeup_)
    return fail(errno_error(errno, "cannot create the supervisor's descriptors"));
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
    return fail(errno_error(errno, "cannot become a child subreaper"));
  add_to(made->epoll_.get(), made->wakeup_.get(), EPOLLIN, kWakeupToken);
  made->thread_ = std::thread([supervisor = made.get()] { supervisor->run(); });
  return made;
}

Supervisor::~Supervisor() {
  if (!thread_.joinable()) return;
  command([this] { stop_all(); });
  thread_.join();
}

void Supervisor::command(std::function<void()> what) {
  std::mutex mutex;
  std::condition_variable condition;
  bool done = false;  // guarded by mutex
  {
    const std::lock_guard lock(command_mutex_);
    commands_.push_back(std::move(what));
    // Runs after the snapshot that shows the effect; see run_commands.
    commands_.push_back([&] {
      const std::lock_guard done_lock(mutex);
      done = true;
      condition.notify_one();
    });
  }
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wakeup_.get(), &one, sizeof one);
  std::unique_lock lock(mutex);
  condition.wait(lock, [&] { return done; });
}

void Supervisor::put(PlanPtr plan, int replicas) {
  command([&] {
    const std::string& name = plan->deployment.function.metadata.name;
    for (const auto& function : functions_)
      if (function->name() == name && !function->ending()) {
        function->change(plan, settings_.clock->now());
        function->scale(replicas);
        return;
      }
    functions_.push_back(std::make_unique<ManagedFunction>(plan, replicas, settings_));
  });
}

void Supervisor::scale(const std::string& name, int replicas) {
  command([&] {
    for (const auto& function : functions_)
      if (function->name() == name && !function->ending()) function->scale(replicas);
  });
}

void Supervisor::remove(const std::string& name) {
  command([&] {
    for (const auto& function : functions_)
      if (function->name() == name && !function->ending()) function->end(settings_.drain_timeout);
  });
}

void Supervisor::stop_all() {
  stopping_ = true;
  for (const auto& function : functions_) function->end(settings_.drain_timeout);
}

void Supervisor::run() {
  for (;;) {
    std::vector<std::function<void()>> done;
    run_commands(done);
    wake_.reset();
    reconcile_all();
    start_due_probes();
    drop_ended();
    sweep();
    publish();
    for (const auto& notify : done) notify();
    if (stopping_ && functions_.empty() && sweeps_.empty() && strays_.empty()) break;
    wait_for_events();
  }
}

void Supervisor::run_commands(std::vector<std::function<void()>>& done) {
  std::vector<std::function<void()>> taken;
  {
    const std::lock_guard lock(command_mutex_);
    taken.swap(commands_);
  }
  for (size_t i = 0; i + 1 < taken.size(); i += 2) {
    taken[i]();
    done.push_back(std::move(taken[i + 1]));
  }
  changed_ = changed_ || !taken.empty();
}

void Supervisor::wake_at(SteadyTime when) {
  if (!wake_ || when < *wake_) wake_ = when;
}

void Supervisor::reconcile_all() {
  const SteadyTime now = settings_.clock->now();
  ManagedFunction* current = nullptr;
  const ManagedFunction::Hooks hooks = {
      .new_id_suffix =
          [&] {
            const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(
                                    settings_.clock->wall().time_since_epoch())
                                    .count();
            last_id_ = std::max(last_id_ + 1, static_cast<uint64_t>(millis));
            return id_text(last_id_);
          },
      .started = [&](Instance& instance) { watch(*current, instance); }};
  for (const auto& function : functions_) {
    current = function.get();
    const auto wake = function->reconcile(now, hooks);
    if (wake) wake_at(*wake);
  }
}

void Supervisor::watch(ManagedFunction& function, Instance& instance) {
  const uint64_t serial = next_serial_++;
  watched_[serial] = {&function, &instance};
  add_to(epoll_.get(), instance.pidfd(), EPOLLIN, serial * kTags + kExitTag);
  add_to(epoll_.get(), instance.output_fd(), EPOLLIN, serial * kTags + kOutputTag);
  changed_ = true;
}

void Supervisor::start_due_probes() {
  const SteadyTime now = settings_.clock->now();
  for (const auto& [serial, watched] : watched_) {
    const auto due = watched.instance->next_probe();
    if (!due) continue;
    if (*due > now) {
      wake_at(*due);
      continue;
    }
    wake_at(now + settings_.silence_timeout);
    const Probe* probe = watched.instance->start_probe(now);
    if (probe->fd() >= 0) add_to(epoll_.get(), probe->fd(), EPOLLOUT, serial * kTags + kProbeTag);
    if (probe->state() == Probe::State::kNotReady) {
      watched.instance->on_probe(now);
      if (watched.instance->next_probe()) wake_at(*watched.instance->next_probe());
    }
  }
}

void Supervisor::wait_for_events() {
  int timeout = -1;
  if (wake_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*wake_ - settings_.clock->now());
    timeout = static_cast<int>(std::clamp<int64_t>(left.count(), 0, 60'000));
  }
  std::array<epoll_event, 64> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout);
  for (int i = 0; i < count; ++i) handle(events[static_cast<size_t>(i)].data.u64);
}

// Kills and reaps what ended instances left behind.
void Supervisor::sweep() {
  const SteadyTime now = settings_.clock->now();
  if (!sweeps_.empty() && now >= next_sweep_) {
    std::vector<std::string> instances;
    for (const auto& [instance, looks] : sweeps_) instances.push_back(instance);
    const std::vector<pid_t> killed = kill_marked(settings_.home, instances);
    strays_.insert(strays_.end(), killed.begin(), killed.end());
    if (!killed.empty()) strays_until_ = now + kStrayTime;
    for (const std::string& instance : instances)
      if (--sweeps_[instance] <= 0) sweeps_.erase(instance);
    next_sweep_ = now + kSweepPause;
  }
  reap_gone(strays_);
  if (now > strays_until_) strays_.clear();
  if (!sweeps_.empty()) wake_at(next_sweep_);
  if (!strays_.empty()) wake_at(now + kSweepPause);
}

void Supervisor::handle(uint64_t token) {
  if (token == kWakeupToken) {
    uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(wakeup_.get(), &count, sizeof count);
    return;
  }
  const uint64_t serial = token / kTags;
  const auto entry = watched_.find(serial);
  if (entry == watched_.end()) return;  // ended earlier in this batch
  const Watched watched = entry->second;
  Instance& instance = *watched.instance;
  switch (token % kTags) {
    case kExitTag:
      return on_exit(serial, watched);
    case kOutputTag:
      if (!instance.on_output(settings_.clock->wall()))
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, instance.output_fd(), nullptr);
      return;
    default:
      break;
  }
  if (instance.on_probe(settings_.clock->now())) {
    watched.function->on_ready();
    changed_ = true;
    log_info("instance ready", {{"function", watched.function->name()}, {"instance", instance.id()}});
  } else if (Probe* probe = instance.probe(); probe && probe->state() == Probe::State::kReading) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = token;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, probe->fd(), &event);
  }
}

void Supervisor::on_exit(uint64_t serial, Watched watched) {
  watched_.erase(serial);
  const auto gone =
      watched.function->on_exit(*watched.instance, settings_.clock->now(), settings_.clock->wall());
  const auto living = [&](const std::string& id) {
    return std::any_of(watched_.begin(), watched_.end(),
                       [&](const auto& w) { return w.second.instance->id() == id; });
  };
  prune_logs(settings_.home / "logs" / watched.function->name(), living, kDeadLogs);
  reap_session(gone->pid());
  sweeps_[gone->id()] = kSweeps;
  changed_ = true;
}

void Supervisor::drop_ended() {
  for (size_t i = 0; i < functions_.size();) {
    if (!functions_[i]->ended()) {
      ++i;
      continue;
    }
    const std::string name = functions_[i]->name();
    functions_.erase(functions_.begin() + static_cast<ptrdiff_t>(i));
    const bool deployed_again =
        std::any_of(functions_.begin(), functions_.end(), [&](const auto& f) { return f->name() == name; });
    if (!stopping_ && !deployed_again) gone_(name);
  }
}

void Supervisor::publish() {
  if (!changed_) return;
  changed_ = false;
  std::vector<FunctionState> states;
  for (const auto& function : functions_)
    if (!function->ending()) states.push_back(function->state());
  publisher_.publish(std::move(states));
}

}  // namespace faisca::cluster
