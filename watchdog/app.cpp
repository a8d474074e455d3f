#include "watchdog/app.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <thread>
#include <utility>

#include "lib/base/log.h"
#include "watchdog/function_app.h"
#include "watchdog/process/function_log.h"
#include "watchdog/process/sweeper.h"
#include "watchdog/server/server.h"

namespace faisca::watchdog {
namespace {

constexpr Duration kDrainLook = std::chrono::milliseconds(10);

sigset_t end_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::sigaddset(&set, SIGINT);
  return set;
}

uint16_t port_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  return 0;
}

Result<UniqueFd> listener(int inherited, uint16_t port) {
  return inherited >= 0 ? adopt_listener(inherited) : bind_port(port);
}

// Shared by all threads.
struct Shared {
  explicit Shared(const Settings& settings)
      : gate(settings.max_inflight),
        metrics(gate),
        lock(settings.lock_file, settings.suppress_lock ? LockFile::Use::kNone : LockFile::Use::kLock) {}
  Gate gate;
  Metrics metrics;
  LockFile lock;
  KnownChildren known;
};

// One thread's part. Order of members is order of dependence.
struct Worker {
  Worker(std::unique_ptr<Reactor> own, const Settings& settings, Shared& shared, const ModeFactory& make_mode)
      : reactor(std::move(own)),
        log(*reactor, STDERR_FILENO),
        mode(make_mode({*reactor, log, shared.known})),
        app(shared.gate, shared.metrics, shared.lock, *mode),
        server(*reactor, server_settings(settings), app) {}
  std::unique_ptr<Reactor> reactor;
  FunctionLog log;
  std::unique_ptr<Mode> mode;
  FunctionApp app;
  Server server;
  std::thread thread;  // none for the first
};

// Brings a watchdog to its orderly end. On the first reactor.
class Ending final : public EventTarget {
 public:
  Ending(const Settings& settings, Shared& shared, std::vector<std::unique_ptr<Worker>>& workers, int socket)
      : settings_(settings),
        shared_(shared),
        workers_(workers),
        socket_(socket),
        timer_(*workers[0]->reactor, *this, kTimer) {}

  Status start() {
    const sigset_t set = end_signals();
    signals_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_) return fail(errno_error(errno, "cannot wait for signals"));
    return watch_.start(*workers_[0]->reactor, signals_.get(), EPOLLIN, *this, kSignal);
  }

 private:
  enum Tag { kSignal, kTimer };
  enum class Phase { kServing, kAnnounced, kDraining };

  void on_event(int tag, uint32_t) override {
    if (tag == kSignal) {
      signalfd_siginfo info{};
      if (::read(signals_.get(), &info, sizeof info) != sizeof info) return;
      if (phase_ == Phase::kServing) return announce(static_cast<int>(info.ssi_signo));
      log_info("second signal: not waiting any longer");
      return stop();
    }
    if (phase_ == Phase::kAnnounced) return drain();
    // Whoever connects now is refused at once and goes elsewhere, instead of waiting for an end by reset. An
    // inherited socket is its maker's.
    if (settings_.listen_fd < 0 && std::exchange(accepting_, false)) ::shutdown(socket_, SHUT_RD);
    if (shared_.gate.in_flight() == 0 || workers_[0]->reactor->now() >= give_up_) return stop();
    timer_.set_after(kDrainLook);
  }

  void announce(int signal) {
    log_info("shutting down", {{"signal", signal}, {"in_flight", shared_.gate.in_flight()}});
    phase_ = Phase::kAnnounced;
    shared_.gate.set_unhealthy();
    shared_.lock.remove();
    for (const auto& worker : workers_)
      worker->reactor->post([server = &worker->server] { server->say_good_bye(); });
    settings_.healthcheck_interval > Duration::zero() ? timer_.set_after(settings_.healthcheck_interval)
                                                      : drain();
  }

  void drain() {
    phase_ = Phase::kDraining;
    give_up_ = workers_[0]->reactor->now() + settings_.write_timeout;
    for (const auto& worker : workers_)
      worker->reactor->post([server = &worker->server] { server->drain(); });
    timer_.set_after(kDrainLook);
  }

  void stop() {
    if (const int left = shared_.gate.in_flight(); left > 0)
      log_warning("requests cut off at shutdown", {{"in_flight", left}});
    for (const auto& worker : workers_)
      worker->reactor->post([worker = worker.get()] {
        worker->server.close_all();
        worker->reactor->stop();
      });
  }

  const Settings& settings_;
  Shared& shared_;
  std::vector<std::unique_ptr<Worker>>& workers_;
  const int socket_;
  bool accepting_ = true;
  Timer timer_;
  Phase phase_ = Phase::kServing;
  SteadyTime give_up_{};
  UniqueFd signals_;
  Watch watch_;
};

}  // namespace

void prepare_signals() {
  const sigset_t set = end_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

Status run(const Settings& settings, const ModeFactory& make_mode) {
  FAISCA_TRY(socket, listener(settings.listen_fd, settings.port));
  FAISCA_TRY(metrics_socket, listener(settings.metrics_fd, settings.metrics_port));

  Shared shared(settings);
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < settings.threads; ++i) {
    FAISCA_TRY(reactor, Reactor::create());
    workers.push_back(std::make_unique<Worker>(std::move(reactor), settings, shared, make_mode));
    FAISCA_CHECK_OK(workers.back()->server.listen(socket.get()));
  }
  Reactor& first = *workers[0]->reactor;
  MetricsApp metrics_app(shared.metrics);
  Server metrics_server(first, ServerSettings{}, metrics_app);
  FAISCA_CHECK_OK(metrics_server.listen(metrics_socket.get()));
  Sweeper sweeper(first, shared.known);
  FAISCA_CHECK_OK(sweeper.start());
  Ending ending(settings, shared, workers, socket.get());
  FAISCA_CHECK_OK(ending.start());
  FAISCA_CHECK_OK(shared.lock.create());

  log_info("serving", {{"port", port_of(socket.get())},
                       {"metrics_port", port_of(metrics_socket.get())},
                       {"threads", settings.threads}});
  for (size_t i = 1; i < workers.size(); ++i)
    workers[i]->thread = std::thread([reactor = workers[i]->reactor.get()] { reactor->run(); });
  first.run();
  for (const auto& worker : workers)
    if (worker->thread.joinable()) worker->thread.join();
  log_info("stopped");
  return {};
}

}  // namespace faisca::watchdog
