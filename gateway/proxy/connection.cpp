#include "gateway/proxy/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

#include "gateway/proxy/invoke.h"
#include "gateway/proxy/platform.h"
#include "gateway/route/route.h"
#include "lib/base/log.h"

namespace faisca::gateway {
namespace {

using std::chrono::steady_clock;
using Scan = http::HeadScanner::State;

enum class Next : uint8_t { kAgain, kClose, kLinger };

uint64_t wall_ns() {
  return static_cast<uint64_t>(std::chrono::system_clock::now().time_since_epoch() /
                               std::chrono::nanoseconds(1));
}

void begin_call(Client& client) {
  Call& call = client.call;
  const http::RequestHead& head = client.head;
  const std::string_view id = head.value(http::Field::kXCallId);
  if (id.empty()) {
    client.shard.call_ids.next(call.id);
  } else {
    call.id = id;
  }
  call.start_ns = wall_ns();
  call.began = steady_clock::now();
  call.method = head.method;
  call.content_type = head.value(http::Field::kContentType);
  call.client_minor = head.minor_version;
  call.keep_alive = head.keep_alive();
  call.expects_continue =
      head.minor_version > 0 && http::equal_ignoring_case(head.value(http::Field::kExpect), "100-continue");
}

io::Task<Next> refuse(Client& client, int status, std::string_view reason, std::string_view hint) {
  client.call.keep_alive = false;
  if (client.call.id.empty()) {  // refused before its head was understood
    client.shard.call_ids.next(client.call.id);
    client.call.start_ns = wall_ns();
  }
  const Answer answer = error_answer(status, kClientHop, reason, hint);
  (void)co_await reply(client, answer, false);
  co_return Next::kLinger;
}

// A connection that once had a huge head must not keep its memory while idle.
void release_large(std::string& text) {
  constexpr size_t kKept = 4096;
  if (text.capacity() > kKept) std::string().swap(text);
}

// Waits for a whole head. kAgain: it is there, `head_size` bytes long.
io::Task<Next> read_head(Client& client, size_t& head_size) {
  const ProxySettings& settings = client.shard.shared.settings;
  io::Buffer& input = client.stream.input();
  http::HeadScanner scanner(settings.head_limits);
  client.call.id.clear();
  client.call.method.clear();
  input.release();
  release_large(client.head_to_instance);
  release_large(client.head_to_client);
  bool begun = !input.empty();
  SteadyTime deadline = steady_clock::now() + (begun ? settings.head : settings.keep_alive);
  for (;;) {
    switch (scanner.scan(input.bytes())) {
      case Scan::kDone:
        head_size = scanner.head_size();
        co_return Next::kAgain;
      case Scan::kBad:
        co_return co_await refuse(client, scanner.problem().status, scanner.problem().reason,
                                  "send one HTTP/1.1 message as RFC 9112 has it");
      case Scan::kMore:
        break;
    }
    if (!begun && !input.empty()) {
      begun = true;
      deadline = steady_clock::now() + settings.head;
    }
    if (!begun && client.shard.draining) co_return Next::kClose;
    client.idle = !begun;
    const io::Io io = co_await client.stream.fill(deadline);
    client.idle = false;
    if (io.ok() || io.state == io::Io::kInterrupted) continue;
    if (io.state == io::Io::kDeadline && begun) {
      co_return co_await refuse(client, 408, "the request head did not arrive in time", "send it faster");
    }
    co_return Next::kClose;
  }
}

io::Task<Next> serve_one(Client& client) {
  size_t head_size = 0;
  const Next ready = co_await read_head(client, head_size);
  if (ready != Next::kAgain) co_return ready;
  const std::string_view bytes = client.stream.input().bytes().substr(0, head_size);
  const http::Problem problem =
      http::parse_request_head(bytes, client.head, client.shard.shared.settings.head_limits);
  if (problem) {
    co_return co_await refuse(client, problem.status, problem.reason,
                              "send one HTTP/1.1 message as RFC 9112 has it");
  }
  begin_call(client);
  const http::Framing framing = http::request_framing(client.head);
  if (framing.problem) {
    co_return co_await refuse(
        client, framing.problem.status, framing.problem.reason,
        "give the body's length once: one Content-Length, or Transfer-Encoding: chunked");
  }
  if (client.head.find(http::Field::kExpect) != nullptr && !client.call.expects_continue &&
      client.call.client_minor > 0) {
    co_return co_await refuse(client, 417, "the only expectation understood is 100-continue",
                              "leave Expect out");
  }
  const Route route = parse_route(client.head.path);
  Outcome outcome;
  if (route.kind == Route::Kind::kFunction) {
    outcome = co_await invoke(client, head_size, route.function, route.rest, framing);
  } else {
    outcome = co_await answer_platform(client, head_size, framing);
  }
  if (outcome.keep_client && !client.shard.draining) co_return Next::kAgain;
  co_return outcome.status == 499 ? Next::kClose : Next::kLinger;
}

// Closing with unread bytes would make the kernel reset the connection, and the client lose the last answer
// (RFC 9112 §9.6).
io::Task<> linger(Client& client) {
  constexpr size_t kMostDiscarded = 1 << 20;
  client.stream.shut_down();
  const SteadyTime deadline = steady_clock::now() + client.shard.shared.settings.linger;
  size_t discarded = 0;
  while (discarded < kMostDiscarded) {
    discarded += client.stream.input().size();
    client.stream.input().consume(client.stream.input().size());
    const io::Io io = co_await client.stream.fill(deadline);
    if (!io.ok()) break;
  }
}

// One try: a client that does not take the answer at once gets none.
void turn_away(int socket) {
  Answer answer = error_answer(503, kClientHop, "the gateway has as many connections as it may",
                               "try again, or raise --connections");
  answer.headers.push_back({"Retry-After", "1"});
  const std::string text = answer_text(answer, Call(), false);
  (void)::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

io::Task<> serve(Shard& shard, UniqueFd socket, std::string address) {
  Client client(shard, std::move(socket), std::move(address));
  Next next = Next::kAgain;
  while (next == Next::kAgain && !shard.reactor.stopping()) next = co_await serve_one(client);
  if (next == Next::kLinger) co_await linger(client);
}

io::Task<> accept_clients(Shard& shard, UniqueFd listener) {
  io::Source source(shard.reactor, std::move(listener), io::Source::Starts::kWritable);
  shard.listening = &source;
  while (!shard.draining && !shard.reactor.stopping()) {
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    UniqueFd socket(
        ::accept4(source.fd(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      SteadyTime deadline = io::kNever;
      if (errno != EAGAIN) {
        // Out of descriptors or memory: wait for connections to end. Edges do not repeat, so look again by
        // time.
        log_error("cannot accept connections", {{"error", errno_error(errno, "accept")}});
        deadline = steady_clock::now() + std::chrono::milliseconds(100);
      }
      (void)co_await source.reading().wait(deadline);
      continue;
    }
    const int one = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (shard.clients.size() >= shard.shared.settings.connections) {
      turn_away(socket.get());
      continue;
    }
    char text[INET_ADDRSTRLEN] = "";
    ::inet_ntop(AF_INET, &peer.sin_addr, text, sizeof text);
    shard.reactor.spawn(serve(shard, std::move(socket), text));
  }
  shard.listening = nullptr;
}

}  // namespace faisca::gateway
