#include "gateway/proxy/exchange.h"

#include "gateway/proxy/heads.h"
#include "lib/http/head.h"

namespace faisca::gateway {
namespace {

using http::Piece;
using std::chrono::steady_clock;

}  // namespace

std::string Exchange::hop() const {
  return "gateway to instance " + instance_.endpoint.id + " of " + client_.call.function + " at " +
         instance_.endpoint.address + ":" + std::to_string(instance_.endpoint.port);
}

Exchange::Result Exchange::refuse(int status, std::string_view message, std::string_view hint) const {
  return {Result::kRefused, status, error_answer(status, hop(), message, hint)};
}

io::Task<Exchange::Result> Exchange::run() {
  const uint64_t sent_before = stream_.sent();
  const io::Io sent = co_await send_head();
  if (client_fault_) co_return Result{Result::kRefused, client_fault_->status, *client_fault_};
  if (!sent.ok() && connection_ == Connection::kPooled && stream_.sent() == sent_before) {
    co_return Result{Result::kStale};
  }
  // A failed write may leave an answer to read: an instance that refuses a large body at once, say.
  Result result = co_await receive();
  if (body_running_) co_await end_body();
  // A body that was not read to its end leaves bytes that would be taken for the next request.
  if (!body_.done()) result.keep_client = result.keep_instance = false;
  co_return result;
}

io::Task<io::Io> Exchange::send_head() {
  http::ChunkHeader chunk(0);
  io::Pieces pieces{client_.head_to_instance};
  if (body_.framing().has_body()) {
    const BodySource::Part part = body_.buffered();
    if (part.state == Piece::kBad) {
      client_fault_ = error_answer(part.problem.status, kClientHop, part.problem.reason);
      co_return io::Io{io::Io::kInterrupted};
    }
    if (part.state == Piece::kData) {
      if (body_.framing().kind == http::BodyKind::kChunked) {
        chunk = http::ChunkHeader(part.data.size());
        pieces = {client_.head_to_instance, chunk.text(), part.data, part.last ? "\r\n0\r\n\r\n" : "\r\n"};
      } else {
        pieces = {client_.head_to_instance, part.data};
      }
    } else if (part.state == Piece::kDone) {
      pieces = {client_.head_to_instance, http::kLastChunk};
    } else if (client_.call.expects_continue) {
      const SteadyTime deadline = steady_clock::now() + deadlines_.write;
      const io::Io io = co_await client_.stream.write({"HTTP/1.1 100 Continue\r\n\r\n"}, deadline);
      if (!io.ok()) client_gone_ = true;
    }
  }
  const io::Io io = co_await stream_.write(pieces, steady_clock::now() + deadlines_.write);
  if (!io.ok()) co_return io;
  body_.advance();
  if (!body_.done()) client_.shard.reactor.spawn(send_body());
  co_return io;
}

io::Task<> Exchange::send_body() {
  body_running_ = true;
  const bool chunked = body_.framing().kind == http::BodyKind::kChunked;
  while (!body_cancelled_) {
    const BodySource::Part part = body_.buffered();
    if (part.state == Piece::kBad) {
      client_fault_ = error_answer(part.problem.status, kClientHop, part.problem.reason);
      break;
    }
    if (part.state == Piece::kMore) {
      const io::Io io = co_await body_.more(deadlines_.request);
      if (io.ok()) continue;
      if (io.state == io::Io::kDeadline) {
        client_fault_ = error_answer(408, kClientHop, "the request body did not arrive in time",
                                     "send it faster, or raise spec.timeouts.read of the function");
      } else if (!body_cancelled_) {
        client_gone_ = true;
      }
      break;
    }
    const http::ChunkHeader chunk(part.data.size());
    io::Pieces pieces{part.data};
    if (part.state == Piece::kDone) {
      pieces = {http::kLastChunk};
    } else if (chunked) {
      pieces = {chunk.text(), part.data, part.last ? "\r\n0\r\n\r\n" : "\r\n"};
    }
    const io::Io io = co_await stream_.write(pieces, steady_clock::now() + deadlines_.write);
    if (!io.ok()) break;  // the other task reads why
    body_.advance();
    if (body_.done()) break;
  }
  body_running_ = false;
  if (client_gone_ || client_fault_) stream_.source().reading().wake(io::Wake::kInterrupted);
  body_ended_.wake(io::Wake::kReady);
}

io::Task<> Exchange::end_body() {
  body_cancelled_ = true;
  while (body_running_) {
    client_.stream.source().reading().wake(io::Wake::kInterrupted);
    stream_.source().writing().wake(io::Wake::kInterrupted);
    // The task may have been about to wait: look again.
    co_await body_ended_.wait(steady_clock::now() + std::chrono::milliseconds(100));
  }
}

// Reads from the instance while watching the client. A client that hangs up gets a little time, because some
// close only their sending side and still read.
io::Task<io::Io> Exchange::fill() {
  io::Source& client = client_.stream.source();
  std::optional<SteadyTime> grace_ends;
  for (;;) {
    if (client_gone_ || client_fault_) co_return io::Io{io::Io::kInterrupted};
    if (client.hung_up() && !grace_ends) {
      grace_ends = steady_clock::now() + client_.shard.shared.settings.hang_up_grace;
    }
    if (!grace_ends) client.interrupt_on_hang_up(&stream_.source().reading());
    const io::Io io =
        co_await stream_.fill(grace_ends ? std::min(*grace_ends, deadlines_.response) : deadlines_.response);
    client.interrupt_on_hang_up(nullptr);
    if (io.state == io::Io::kInterrupted) continue;
    if (io.state == io::Io::kDeadline && grace_ends && steady_clock::now() < deadlines_.response) {
      client_gone_ = true;
      continue;
    }
    co_return io;
  }
}

Exchange::Result Exchange::explain(const io::Io& io, bool response_begun) const {
  if (client_fault_) return {Result::kRefused, client_fault_->status, *client_fault_};
  switch (io.state) {
    case io::Io::kInterrupted:
    case io::Io::kStopped:
      return {};
    case io::Io::kDeadline:
      return refuse(504, "the function did not answer in time",
                    "raise spec.timeouts.exec of the function, or make it faster");
    default:
      break;
  }
  if (!response_begun && connection_ == Connection::kPooled && !body_.framing().has_body() &&
      client_.call.is_idempotent()) {
    return Result{Result::kStale};
  }
  return refuse(502,
                response_begun
                    ? "the instance closed the connection in the middle of its response head: " + io.text()
                    : "the instance closed the connection without a response: " + io.text(),
                "see the function's logs: it may have crashed or been restarted");
}

io::Task<Exchange::Result> Exchange::receive() {
  io::Buffer& input = stream_.input();
  http::HeadScanner scanner(client_.shard.shared.settings.head_limits);
  http::ResponseHead& head = client_.response_head;
  constexpr std::string_view kGarbledHint =
      "the instance does not speak HTTP/1.1 as RFC 9112 has it; see its logs";
  for (;;) {
    switch (scanner.scan(input.bytes())) {
      case http::HeadScanner::State::kMore: {
        const io::Io io = co_await fill();
        if (!io.ok()) co_return explain(io, !input.empty());
        continue;
      }
      case http::HeadScanner::State::kBad:
        co_return refuse(502, "garbled response: " + std::string(scanner.problem().reason), kGarbledHint);
      case http::HeadScanner::State::kDone:
        break;
    }
    const http::Problem problem = http::parse_response_head(input.bytes().substr(0, scanner.head_size()),
                                                            head, client_.shard.shared.settings.head_limits);
    if (problem) co_return refuse(502, "garbled response: " + std::string(problem.reason), kGarbledHint);
    if (head.status == 101) {
      co_return refuse(502, "the instance switched protocols without being asked to", kGarbledHint);
    }
    if (head.status >= 200) break;
    input.consume(scanner.head_size());  // interim responses are for us alone
    scanner.reset();
  }
  co_return co_await pass_on(scanner.head_size());
}

io::Task<Exchange::Result> Exchange::pass_on(size_t head_size) {
  const http::ResponseHead& head = client_.response_head;
  const Call& call = client_.call;
  const http::Framing framing =
      http::response_framing(head, call.is_head() ? http::Answers::kHead : http::Answers::kOtherMethod);
  if (framing.problem) {
    co_return refuse(502, "garbled response: " + std::string(framing.problem.reason),
                     "the instance's response says its length in two ways, or in none that is understood");
  }
  const ClientBody how = client_body(framing, call);
  Result result{Result::kAnswered, head.status};
  result.keep_client = call.keep_alive && how != ClientBody::kUntilClose && !client_.shard.draining;
  result.keep_instance = head.keep_alive() && framing.kind != http::BodyKind::kUntilClose;
  std::string& out = client_.head_to_client;
  out.clear();
  write_client_head(out, head, call, framing, result.keep_client ? After::kKeepAlive : After::kClose);
  stream_.input().consume(head_size);

  BodySource body(stream_, framing);
  std::string_view unsent_head = out;
  bool ended = !framing.has_body();
  while (!ended || !unsent_head.empty()) {
    io::Pieces pieces{unsent_head};
    http::ChunkHeader chunk(0);
    BodySource::Part part;
    if (!ended) part = body.buffered();
    if (part.state == Piece::kBad) co_return Result{Result::kGone, 502};
    if (part.state == Piece::kData) {
      if (how == ClientBody::kChunked) {
        chunk = http::ChunkHeader(part.data.size());
        pieces = {unsent_head, chunk.text(), part.data, part.last ? "\r\n0\r\n\r\n" : "\r\n"};
      } else {
        pieces = {unsent_head, part.data};
      }
    } else if (part.state == Piece::kDone) {
      if (how == ClientBody::kChunked) pieces = {unsent_head, http::kLastChunk};
      ended = true;
    } else if (!ended && unsent_head.empty()) {
      const io::Io io = co_await fill();
      if (io.ok()) continue;
      if (io.state == io::Io::kInterrupted) co_return Result{};
      if (io.state != io::Io::kEnd || framing.kind != http::BodyKind::kUntilClose) {
        co_return Result{Result::kGone, io.state == io::Io::kDeadline ? 504 : 502};
      }
      pieces = {how == ClientBody::kChunked ? http::kLastChunk : std::string_view()};
      ended = true;
    }
    const io::Io io = co_await client_.stream.write(pieces, steady_clock::now() + deadlines_.write);
    if (!io.ok()) co_return Result{};
    unsent_head = {};
    if (part.state == Piece::kData) {
      body.advance();
      ended = body.done();
    }
  }
  co_return result;
}

}  // namespace faisca::gateway
