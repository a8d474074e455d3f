#include "operator/webhook/connection.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "lib/http/body.h"
#include "lib/http/head.h"
#include "lib/http/write.h"

namespace faisca::webhook {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadBytes = 16 * 1024;  // a TLS record

}  // namespace

// The socket is non-blocking: every wait is a poll with what is left of the deadline.
Connection::Connection(UniqueFd socket, std::shared_ptr<SSL_CTX> context, const HttpHandler& handler,
                       ConnectionLimits limits)
    : socket_(std::move(socket)), context_(std::move(context)), handler_(handler), limits_(limits) {}

Connection::~Connection() { SSL_free(ssl_); }

void Connection::hang_up() { ::shutdown(socket_.get(), SHUT_RDWR); }

void Connection::serve() {
  if (shake_hands()) {
    while (serve_one() == Next::kGoOn) {
    }
    SSL_shutdown(ssl_);  // our side only; the client's answer is not waited for
  }
  ERR_clear_error();
  hang_up();
}

bool Connection::wait(short events, SteadyTime deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd wanted{socket_.get(), events, 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(std::min<long long>(left, 3'600'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool Connection::shake_hands() {
  ssl_ = SSL_new(context_.get());
  if (!ssl_ || SSL_set_fd(ssl_, socket_.get()) != 1) return false;
  const SteadyTime deadline = Clock::now() + limits_.request;
  for (;;) {
    ERR_clear_error();
    const int done = SSL_accept(ssl_);
    if (done == 1) return true;
    const int why = SSL_get_error(ssl_, done);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return false;
    if (!wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline)) return false;
  }
}

Connection::Got Connection::fill(SteadyTime deadline) {
  std::array<char, kReadBytes> bytes;
  for (;;) {
    ERR_clear_error();
    const int got = SSL_read(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    if (got > 0) {
      input_.append(bytes.data(), static_cast<std::size_t>(got));
      return Got::kBytes;
    }
    const int why = SSL_get_error(ssl_, got);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return Got::kEnd;
    if (!wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline)) return Got::kEnd;
  }
}

Connection::Next Connection::serve_one() {
  idle_since_ = Clock::now();
  if (input_.empty() && fill(Clock::now() + limits_.idle) == Got::kEnd) return Next::kClose;
  idle_since_ = SteadyTime::max();
  const SteadyTime deadline = Clock::now() + limits_.request;

  http::HeadScanner scanner;
  for (;;) {
    const auto state = scanner.scan(input_);
    if (state == http::HeadScanner::State::kDone) break;
    if (state == http::HeadScanner::State::kBad)
      return refuse(scanner.problem().status, scanner.problem().reason);
    if (fill(deadline) == Got::kEnd) return Next::kClose;
  }
  const std::string head_bytes = input_.substr(0, scanner.head_size());
  input_.erase(0, scanner.head_size());
  http::RequestHead head;
  if (const auto problem = http::parse_request_head(head_bytes, head))
    return refuse(problem.status, problem.reason);
  const http::Framing framing = http::request_framing(head);
  if (framing.problem) return refuse(framing.problem.status, framing.problem.reason);
  if (framing.length > limits_.body) return refuse(413, "the body is too long");

  HttpRequest request{std::string(head.method), std::string(head.path), ""};
  http::BodyDecoder decoder(framing, limits_.body);
  for (std::size_t used = 0;;) {
    const http::Piece piece = decoder.next(std::string_view(input_).substr(used));
    request.body += piece.data;
    used += piece.consumed;
    if (piece.state == http::Piece::kData) continue;
    input_.erase(0, used);
    used = 0;
    if (piece.state == http::Piece::kDone) break;
    if (piece.state == http::Piece::kBad) return refuse(piece.problem.status, piece.problem.reason);
    if (fill(deadline) == Got::kEnd) return Next::kClose;
  }
  return respond(handler_(request), head.keep_alive() ? Next::kGoOn : Next::kClose);
}

Connection::Next Connection::refuse(int status, std::string_view reason) {
  return respond({.status = status, .content_type = "text/plain", .body = std::string(reason) + "\n"},
                 Next::kClose);
}

Connection::Next Connection::respond(const HttpResponse& response, Next next) {
  std::string bytes;
  http::append_status_line(bytes, response.status);
  http::append_header(bytes, "Content-Type", response.content_type);
  http::append_header(bytes, "Content-Length", std::uint64_t{response.body.size()});
  if (next == Next::kClose) http::append_header(bytes, "Connection", "close");
  http::end_head(bytes);
  bytes += response.body;
  return write(bytes) ? next : Next::kClose;
}

bool Connection::write(std::string_view bytes) {
  const SteadyTime deadline = Clock::now() + limits_.request;
  while (!bytes.empty()) {
    ERR_clear_error();
    const int written =
        SSL_write(ssl_, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), kReadBytes)));
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    const int why = SSL_get_error(ssl_, written);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return false;
    if (!wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline)) return false;
  }
  return true;
}

}  // namespace faisca::webhook
