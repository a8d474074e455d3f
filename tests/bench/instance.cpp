// The cheapest instance there can be, for measuring what stands in front of it: answers every request with
// 200 and a short body, on keep-alive connections, by raw epoll on one thread. `GET /port` answers its own
// TCP port.
//
// It takes a watchdog's place (faisca-gateway --watchdog THIS), so it reads the same --listen-fd and ignores
// the other flags. Bodies: Content-Length only, as wrk sends. Not for anything but benchmarks.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

int port_of(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

// The size of the first request in `data`, or 0 when it is not whole yet.
size_t request_size(std::string_view data) {
  const size_t end = data.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  size_t body = 0;
  const std::string_view head = data.substr(0, end + 2);
  for (size_t at = head.find("\r\n"); at + 2 < head.size(); at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2);
    if (line.size() > 15 && ::strncasecmp(line.data(), "content-length:", 15) == 0)
      body = std::strtoul(line.data() + 15, nullptr, 10);
  }
  return data.size() >= end + 4 + body ? end + 4 + body : 0;
}

// Answers every whole request in `buffer`; false when the peer is gone.
bool answer(int fd, std::string& buffer, int port) {
  std::string out;
  for (size_t size; (size = request_size(buffer)) > 0; buffer.erase(0, size)) {
    const bool wants_port = buffer.find("/port ") < 40;
    const std::string body = wants_port ? std::to_string(port) : "0123456789abcdef";
    out += "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }
  return out.empty() || ::send(fd, out.data(), out.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(out.size());
}

}  // namespace

int main(int argc, char** argv) {
  int listener = -1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--listen-fd" && i + 1 < argc) listener = std::atoi(argv[i + 1]);
    if (word.starts_with("--listen-fd=")) listener = std::atoi(argv[i] + 12);
  }
  if (const char* text = std::getenv("FAISCA_LISTEN_FD"); listener < 0 && text) listener = std::atoi(text);
  if (listener < 0) return 2;

  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{.events = EPOLLIN, .data = {.fd = listener}};
  ::epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  std::unordered_map<int, std::string> connections;
  const int port = port_of(listener);
  for (;;) {
    epoll_event events[64];
    const int count = ::epoll_wait(poll, events, 64, -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[i].data.fd;
      if (fd == listener) {
        const int made = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (made < 0) continue;
        const int on = 1;
        ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        event = {.events = EPOLLIN, .data = {.fd = made}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, made, &event);
        continue;
      }
      char data[65536];
      const ssize_t got = ::recv(fd, data, sizeof data, 0);
      std::string& buffer = connections[fd];
      if (got > 0) buffer.append(data, static_cast<size_t>(got));
      if (got <= 0 || !answer(fd, buffer, port)) {
        connections.erase(fd);
        ::close(fd);
      }
    }
  }
}
