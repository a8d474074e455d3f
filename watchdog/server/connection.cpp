#include "watchdog/server/connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "lib/http/chunked.h"
#include "lib/http/write.h"
#include "watchdog/server/http_date.h"

namespace faisca::watchdog {
namespace {

constexpr size_t kReadBytes = 16 * 1024;
constexpr size_t kOutputPause = 256 * 1024;  // unsent bytes at which the producer has to wait
constexpr size_t kKeepBytes = 64 * 1024;     // buffers larger than this are freed between requests
constexpr Duration kLingerTime = std::chrono::seconds(1);

http::HeadLimits head_limits() { return {}; }

}  // namespace

Connection::Connection(Reactor& reactor, const ServerSettings& settings, Application& application,
                       Owner& owner, UniqueFd socket)
    : reactor_(reactor),
      settings_(settings),
      application_(application),
      owner_(owner),
      socket_(std::move(socket)),
      timer_(reactor, *this, kTimeout),
      scanner_(head_limits()) {}

Connection::~Connection() {
  if (invocation_) end_invocation(499);
  watch_.forget();
}

Status Connection::start() {
  timer_.set_after(settings_.read_timeout);
  return watch_.start(reactor_, socket_.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, *this, kSocket);
}

void Connection::on_event(int tag, uint32_t events) {
  if (state_ == State::kClosed) return;
  if (tag == kTimeout) return on_timeout();
  if (events & (EPOLLHUP | EPOLLERR)) return close();
  if (events & EPOLLRDHUP) peer_closed_ = true;
  if (events & EPOLLIN) readable_ = true;
  if ((events & EPOLLOUT) && output_start_ < output_.size()) flush();
  if (state_ == State::kClosed) return;
  advance();
  // What it still had to say was said: nobody waits for the rest of this answer.
  if (peer_closed_ && state_ == State::kServing && body_ended_) close();
}

void Connection::on_timeout() {
  if (state_ == State::kHead && input().empty()) return close();
  if (state_ == State::kHead || (state_ == State::kServing && !body_ended_ && !answering_))
    return refuse(408, "the request did not arrive within the read time-out");
  close();
}

void Connection::advance() {
  if (advancing_) return;
  advancing_ = true;
  for (bool progress = true; progress && state_ != State::kClosed;) {
    progress = false;
    if (state_ == State::kLinger) {
      discard();
    } else if (state_ == State::kHead) {
      if (!input().empty() && parse_head()) {
        progress = true;
      } else if (state_ == State::kHead && read_some()) {
        progress = true;
      }
    } else if (state_ == State::kServing && !body_ended_ && !body_paused_) {
      if (input().empty() && !read_some()) break;
      pump_body();
      progress = true;
    }
  }
  advancing_ = false;
}

// False when there is nothing to read now.
bool Connection::read_some() {
  if (!readable_) {
    if (peer_closed_ && state_ != State::kLinger) close();
    return false;
  }
  if (input_start_ == input_.size()) {
    input_.clear();
    input_start_ = 0;
  }
  auto& scratch = reactor_.scratch();
  const ssize_t count = ::recv(socket_.get(), scratch.data(), kReadBytes, 0);
  if (count > 0) {
    if (static_cast<size_t>(count) < kReadBytes && !peer_closed_)
      readable_ = false;  // drained; more comes with a new edge
    if (state_ == State::kHead && input_.empty()) timer_.set_after(settings_.read_timeout);
    input_.append(scratch.data(), static_cast<size_t>(count));
    return true;
  }
  readable_ = false;
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  close();
  return false;
}

void Connection::consume(size_t count) { input_start_ += count; }

// False when more bytes are needed, or the request was refused.
bool Connection::parse_head() {
  switch (scanner_.scan(input())) {
    case http::HeadScanner::State::kMore:
      return false;
    case http::HeadScanner::State::kBad:
      refuse(scanner_.problem().status, scanner_.problem().reason);
      return false;
    case http::HeadScanner::State::kDone:
      break;
  }
  begin_request();
  return state_ != State::kClosed;
}

void Connection::begin_request() {
  const size_t head_size = scanner_.head_size();
  const http::Problem problem = http::parse_request_head(input().substr(0, head_size), head_, head_limits());
  started_ = reactor_.now();
  if (problem) return refuse(problem.status, problem.reason);
  const http::Framing framing = http::request_framing(head_);
  if (framing.problem) return refuse(framing.problem.status, framing.problem.reason);

  method_ = method_of(head_.method);
  call_id_ = head_.value(http::Field::kXCallId);
  client_http10_ = head_.minor_version == 0;
  if (!head_.keep_alive()) close_after_ = true;
  if (framing.kind == http::BodyKind::kLength && framing.length > settings_.max_body)
    return refuse(413, "the body of " + std::to_string(framing.length) + " bytes is over the limit of " +
                           std::to_string(settings_.max_body) + " (max_body)");
  state_ = State::kServing;
  body_ = http::BodyDecoder(framing, settings_.max_body);
  body_ended_ = !framing.has_body();
  body_paused_ = false;
  const http::Header* expect = framing.has_body() ? head_.find(http::Field::kExpect) : nullptr;
  const bool wants_continue = expect && http::equal_ignoring_case(expect->value, "100-continue");

  scanner_.reset();
  consume(head_size);  // the bytes stay where they are while head_ looks at them

  invocation_ = application_.begin({head_, framing, method_}, *this);
  if (!invocation_) return;
  if (wants_continue && !client_http10_ && input().empty()) {
    output_ += "HTTP/1.1 100 Continue\r\n\r\n";
    flush();
    if (state_ == State::kClosed) return;
  }
  if (body_ended_) {
    timer_.clear();
    invocation_->on_body_end();
  }
}

void Connection::pump_body() {
  while (state_ == State::kServing && !body_ended_ && !body_paused_) {
    const http::Piece piece = body_.next(input());
    consume(piece.consumed);
    if (piece.state == http::Piece::kBad) return refuse(piece.problem.status, piece.problem.reason);
    if (piece.state == http::Piece::kData && invocation_ &&
        invocation_->on_body(piece.data) == Flow::kPause) {
      body_paused_ = true;
      if (!answering_) timer_.clear();  // now it is the handler that is slow, not the client
    }
    if (state_ != State::kServing) return;
    if (body_.done()) {
      body_ended_ = true;
      timer_.clear();
      if (invocation_) invocation_->on_body_end();
    }
    if (piece.state == http::Piece::kMore) return;
  }
}

void Connection::resume_body() {
  if (!body_paused_) return;
  body_paused_ = false;
  if (!answering_ && !body_ended_) timer_.set_after(settings_.read_timeout);
  advance();
}

// An answer of our own, after which nothing more can be understood from this client.
void Connection::refuse(int status, std::string_view reason) {
  if (invocation_) end_invocation(status);
  if (answering_) return close();
  close_after_ = true;
  body_ended_ = false;
  state_ = State::kServing;
  std::string body = std::string(reason) + "\n";
  respond({.status = status, .headers = "X-OpenFaaS-Internal: faisca-watchdog\r\n", .body = body});
}

void Connection::end_invocation(int status) {
  Invocation* invocation = std::exchange(invocation_, nullptr);
  invocation->cancel();
  application_.ended({method_, status, reactor_.now() - started_});
}

// An answer before the end of the request's body: with bytes of it still to come the next request cannot be
// found.
void Connection::skip_buffered_body() {
  for (http::Piece piece{.state = http::Piece::kData}; piece.state == http::Piece::kData && !body_.done();) {
    piece = body_.next(input());
    consume(piece.consumed);
  }
  body_ended_ = body_.done();
  if (!body_ended_) close_after_ = true;
}

void Connection::append_head(const Response& response, bool length_known) {
  static thread_local HttpDate date;
  status_ = response.status;
  answering_ = true;
  http::append_status_line(output_, response.status);
  http::append_header(output_, "Content-Type", response.content_type);
  if (length_known) {
    http::append_header(output_, "Content-Length", response.body.size());
  } else if (client_http10_) {
    close_after_ = true;
  } else {
    output_ += "Transfer-Encoding: chunked\r\n";
  }
  http::append_header(output_, "Date", date.text());
  if (!call_id_.empty()) http::append_header(output_, "X-Call-Id", call_id_);
  char duration[64];
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  const int size = std::snprintf(duration, sizeof duration, "X-Duration-Seconds: %f\r\n", seconds);
  output_.append(duration, static_cast<size_t>(size));
  output_ += response.headers;
  if (close_after_) {
    output_ += "Connection: close\r\n";
  } else if (client_http10_) {
    output_ += "Connection: keep-alive\r\n";
  }
  http::end_head(output_);
}

void Connection::respond(const Response& response) {
  if (!close_after_ && !body_ended_) skip_buffered_body();
  append_head(response, true);
  if (method_ != Method::kHead) output_ += response.body;
  answered();
}

void Connection::start(const Response& head) {
  append_head(head, false);
  chunked_answer_ = !client_http10_;
  flush();
}

Flow Connection::write(std::string_view data) {
  if (state_ == State::kClosed || data.empty()) return Flow::kMore;
  if (chunked_answer_) output_ += http::ChunkHeader(data.size()).text();
  output_ += data;
  if (chunked_answer_) output_ += "\r\n";
  flush();
  write_paused_ = output_.size() - output_start_ > kOutputPause;
  return write_paused_ ? Flow::kPause : Flow::kMore;
}

void Connection::finish() {
  if (state_ == State::kClosed) return;
  if (chunked_answer_) output_ += http::kLastChunk;
  chunked_answer_ = false;
  if (!close_after_ && !body_ended_) skip_buffered_body();
  answered();
}

void Connection::abort() {
  if (!invocation_) return;
  invocation_ = nullptr;
  application_.ended({method_, status_, reactor_.now() - started_});
  close();
}

// The answer is complete in output_.
void Connection::answered() {
  if (invocation_) {
    invocation_ = nullptr;
    application_.ended({method_, status_, reactor_.now() - started_});
  }
  state_ = State::kFlush;
  flush();
}

void Connection::flush() {
  bool progress = false;
  while (output_start_ < output_.size()) {
    const ssize_t count =
        ::send(socket_.get(), output_.data() + output_start_, output_.size() - output_start_, MSG_NOSIGNAL);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return close();
      if (progress || !timer_.is_set()) timer_.set_after(settings_.write_timeout);
      return;
    }
    progress = true;
    output_start_ += static_cast<size_t>(count);
  }
  output_.clear();
  output_start_ = 0;
  if (output_.capacity() > kKeepBytes) output_.shrink_to_fit();
  if (state_ == State::kServing) {
    if (body_ended_) timer_.clear();
    if (invocation_ && std::exchange(write_paused_, false)) invocation_->on_writable();
    return;
  }
  if (state_ != State::kFlush) return;
  if (close_after_) return linger();
  state_ = State::kHead;
  answering_ = false;
  method_ = Method::kOther;
  call_id_.clear();
  timer_.set_after(input().empty() ? settings_.idle_timeout : settings_.read_timeout);
  if (input_.capacity() > kKeepBytes && input().empty()) {
    input_ = {};
    input_start_ = 0;
  }
  advance();
}

void Connection::linger() {
  if (body_ended_ && input().empty()) return close();
  state_ = State::kLinger;
  ::shutdown(socket_.get(), SHUT_WR);
  timer_.set(reactor_.now() + kLingerTime);
  readable_ = true;
  advance();
}

void Connection::discard() {
  auto& scratch = reactor_.scratch();
  for (int round = 0; round < 64; ++round) {
    const ssize_t count = ::recv(socket_.get(), scratch.data(), scratch.size(), 0);
    if (count > 0) continue;
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    return close();
  }
  close();
}

void Connection::close_when_idle() {
  close_after_ = true;
  if (state_ == State::kHead && input().empty()) {
    readable_ = true;  // a request that has just come is still answered
    advance();
  }
  if (state_ == State::kHead && input().empty()) close();
}

void Connection::close_now() { close(); }

void Connection::close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  if (invocation_) end_invocation(499);
  timer_.clear();
  watch_.forget();
  socket_.reset();
  owner_.closed(*this);
}

}  // namespace faisca::watchdog
