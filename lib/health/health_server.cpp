#include "lib/health/health_server.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <ctime>
#include <thread>

#include "lib/base/log.h"
#include "lib/base/unique_fd.h"
#include "lib/http/head.h"
#include "lib/http/write.h"
#include "lib/io/listener.h"

namespace faisca {
namespace {

constexpr std::chrono::seconds kPatience{2};
constexpr http::HeadLimits kLimits{.bytes = 8192, .target_bytes = 1024, .headers = 64};

using Deadline = std::chrono::steady_clock::time_point;

// Whether the socket is ready for `events` before the deadline.
bool wait_for(int socket, short events, Deadline deadline) {
  const auto left = deadline - std::chrono::steady_clock::now();
  pollfd entry{.fd = socket, .events = events, .revents = 0};
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
  return milliseconds > 0 && ::poll(&entry, 1, static_cast<int>(milliseconds)) == 1;
}

// The request's head; empty when none came in time.
std::string read_head(int socket, Deadline deadline) {
  std::string bytes;
  http::HeadScanner scanner(kLimits);
  char block[2048];
  while (wait_for(socket, POLLIN, deadline)) {
    const ssize_t count = ::recv(socket, block, sizeof block, 0);
    if (count <= 0) return "";
    bytes.append(block, static_cast<size_t>(count));
    const auto state = scanner.scan(bytes);
    if (state == http::HeadScanner::State::kBad) return "";
    if (state == http::HeadScanner::State::kDone) return bytes.substr(0, scanner.head_size());
  }
  return "";
}

void write_all(int socket, std::string_view bytes, Deadline deadline) {
  while (!bytes.empty() && wait_for(socket, POLLOUT, deadline)) {
    const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

}  // namespace

struct HealthServer::Parts {
  UniqueFd socket;
  UniqueFd stop;  // an eventfd, written to end the thread
  uint16_t port = 0;
  HealthQuestions questions;
  std::thread thread;

  struct Answer {
    int status;
    std::string body;
  };

  Answer answer(const http::RequestHead& head) const {
    if (head.method != "GET" && head.method != "HEAD") return {405, "use GET\n"};
    if (head.path == "/healthz") return questions.alive() ? Answer{200, "ok\n"} : Answer{503, "not alive\n"};
    if (head.path == "/readyz") {
      const std::string why = questions.unready();
      return why.empty() ? Answer{200, "ok\n"} : Answer{503, why + "\n"};
    }
    if (head.path == "/metrics") return {200, questions.metrics()};
    return {404, "there are /healthz, /readyz and /metrics\n"};
  }

  void serve(int connection) const {
    const Deadline deadline = std::chrono::steady_clock::now() + kPatience;
    const std::string bytes = read_head(connection, deadline);
    if (bytes.empty()) return;
    http::RequestHead head;
    const http::Problem problem = http::parse_request_head(bytes, head, kLimits);
    const Answer out = problem ? Answer{problem.status, std::string(problem.reason) + "\n"} : answer(head);
    std::string text;
    http::append_status_line(text, out.status);
    http::append_date(text, std::time(nullptr));
    http::append_header(text, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    http::append_header(text, "Content-Length", static_cast<uint64_t>(out.body.size()));
    http::append_header(text, "Connection", "close");
    http::end_head(text);
    if (head.method != "HEAD") text += out.body;
    write_all(connection, text, deadline);
  }

  void run() const {
    while (true) {
      pollfd entries[] = {{.fd = socket.get(), .events = POLLIN, .revents = 0},
                          {.fd = stop.get(), .events = POLLIN, .revents = 0}};
      if (::poll(entries, 2, -1) < 0 && errno != EINTR) return;
      if (entries[1].revents) return;
      const UniqueFd connection(::accept4(socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (connection) serve(connection.get());
    }
  }
};

HealthServer::HealthServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

HealthServer::~HealthServer() {
  const uint64_t one = 1;
  if (::write(parts_->stop.get(), &one, sizeof one) != sizeof one)
    log_warning("the health server does not stop");
  parts_->thread.join();
}

uint16_t HealthServer::port() const { return parts_->port; }

Result<std::unique_ptr<HealthServer>> HealthServer::start(const std::string& address, uint16_t port,
                                                          HealthQuestions questions) {
  auto parts = std::make_unique<Parts>();
  FAISCA_TRY(listening, io::listen_on(address, port, 1));
  parts->socket = std::move(listening.sockets[0]);
  parts->port = listening.port;
  parts->stop = UniqueFd(::eventfd(0, EFD_CLOEXEC));
  if (!parts->stop) return fail(errno_error(errno, "eventfd"));
  parts->questions = std::move(questions);
  parts->thread = std::thread([raw = parts.get()] { raw->run(); });
  return std::unique_ptr<HealthServer>(new HealthServer(std::move(parts)));
}

}  // namespace faisca
