#include "gateway/proxy/platform.h"

#include "gateway/proxy/body_source.h"
#include "gateway/proxy/follow.h"
#include "lib/base/duration.h"

namespace faisca::gateway {
namespace {

using http::Piece;
using std::chrono::steady_clock;

// Reads the whole body into `out`; an answer if it cannot be taken, with status 499 if the client left.
io::Task<std::optional<Answer>> read_whole(Client& client, BodySource& body, std::string& out) {
  const ProxySettings& settings = client.shard.shared.settings;
  const SteadyTime deadline = steady_clock::now() + std::chrono::seconds(60);
  bool told_to_continue = !client.call.expects_continue;
  while (!body.done()) {
    const BodySource::Part part = body.buffered();
    if (part.state == Piece::kBad)
      co_return error_answer(part.problem.status, kClientHop, part.problem.reason);
    if (part.state == Piece::kData) {
      out += part.data;
      body.advance();
    } else if (part.state == Piece::kMore) {
      if (!std::exchange(told_to_continue, true)) {
        (void)co_await client.stream.write({"HTTP/1.1 100 Continue\r\n\r\n"},
                                           steady_clock::now() + settings.head);
      }
      const io::Io io = co_await body.more(deadline);
      if (io.state == io::Io::kDeadline) {
        co_return error_answer(408, kClientHop, "the request body did not arrive in time", "send it faster");
      }
      if (!io.ok()) co_return Answer{.status = 499};
    }
  }
  co_return std::nullopt;
}

}  // namespace

io::Task<Outcome> answer_platform(Client& client, size_t head_size, http::Framing framing) {
  Shard& shard = client.shard;
  const uint64_t limit = shard.shared.settings.api_body_bytes;
  // Shared with the worker, which may still run when the reactor stops.
  struct Work {
    ApiRequest request;
    Answer answer;
    bool done = false;
  };
  auto work = std::make_shared<Work>();
  ApiRequest& request = work->request;
  request.method = client.call.method;
  request.path = client.head.path;
  request.query = client.head.query;
  request.accept = client.head.value(http::Field::kAccept);
  request.content_type = client.call.content_type;
  client.stream.input().consume(head_size);

  BodySource body(client.stream, framing, limit);
  if (framing.kind == http::BodyKind::kLength && framing.length > limit) {
    co_return co_await reply(
        client,
        error_answer(413, kClientHop, "the request body is larger than " + format_bytes(limit),
                     "put large artifacts behind spec.source.archive.url"),
        false);
  }
  if (const auto refusal = co_await read_whole(client, body, request.body)) {
    if (refusal->status == 499) co_return Outcome{499, false};
    co_return co_await reply(client, *refusal, false);
  }

  if (Api::Following following = shard.shared.api.following(request); following.refusal) {
    co_return co_await reply(client, *following.refusal, true);
  } else if (following.query) {
    const SteadyTime began = client.call.began;
    const Outcome outcome = co_await answer_following(client, std::move(*following.query));
    shard.shared.api.count_followed(outcome.status, began);
    co_return outcome;
  }

  io::Waitable finished(shard.reactor);
  const bool queued = shard.shared.worker.run([&shard, &finished, work] {
    work->answer = shard.shared.api.handle(work->request);
    shard.reactor.post([&finished, work] {
      work->done = true;
      finished.wake(io::Wake::kReady);
    });
  });
  if (!queued) {
    Answer answer = error_answer(503, kClientHop, "too many management requests wait", "try again");
    answer.headers.push_back({"Retry-After", "1"});
    co_return co_await reply(client, answer, true);
  }
  // The worker has a pointer to this frame: wait for it, whatever happens.
  while (!work->done) (void)co_await finished.wait(io::kNever);
  co_return co_await reply(client, work->answer, true);
}

}  // namespace faisca::gateway
