#include "gateway/proxy/follow.h"

#include "lib/http/chunked.h"

namespace faisca::gateway {
namespace {

using std::chrono::steady_clock;

// How long the head may wait for the first line: after it, no error can be told any more.
constexpr std::chrono::seconds kHeadWait{1};
constexpr std::chrono::seconds kLook{1};  // at whether the gateway drains

// Where the stream's thread tells the reactor. Calls may be under way when the task has ended.
struct News {
  explicit News(io::Reactor& reactor) : place(reactor) {}
  io::Waitable place;
};

class Following {
 public:
  Following(Client& client, std::shared_ptr<News> news, std::shared_ptr<LogStream> stream)
      : client_(client), news_(std::move(news)), stream_(std::move(stream)) {
    client_.stream.source().interrupt_on_hang_up(&news_->place);
  }
  ~Following() {
    client_.stream.source().interrupt_on_hang_up(nullptr);
    stream_->cancel();
  }
  Following(const Following&) = delete;
  Following& operator=(const Following&) = delete;

  io::Task<Outcome> run() {
    LogStream::Part part = stream_->take();
    const SteadyTime head_by = steady_clock::now() + kHeadWait;
    while (part.lines.empty() && !part.ended && steady_clock::now() < head_by) {
      const io::Wake wake = co_await news_->place.wait(head_by);
      if (wake == io::Wake::kStopped || client_.stream.source().hung_up()) co_return Outcome{499, false};
      part = stream_->take();
    }
    if (part.ended && part.lines.empty() && !part.outcome) {
      co_return co_await reply(client_, error_answer(part.outcome.error(), "gateway to cluster"), true);
    }
    const bool chunked = client_.call.client_minor > 0;
    const bool keep = chunked && client_.call.keep_alive;
    std::string head = stream_head_text("application/x-ndjson", client_.call, keep);
    for (;;) {
      if (!co_await send(head, part.lines, chunked)) co_return Outcome{499, false};
      head.clear();
      if (part.ended || client_.shard.draining) break;
      const io::Wake wake = co_await news_->place.wait(steady_clock::now() + kLook);
      if (wake == io::Wake::kStopped || client_.stream.source().hung_up()) co_return Outcome{499, false};
      part = stream_->take();
    }
    // A stream that broke off must not look like one that ended.
    if (!part.outcome) {
      client_.stream.abort();
      co_return Outcome{499, false};
    }
    if (chunked) (void)co_await write({http::kLastChunk});
    co_return Outcome{200, keep};
  }

 private:
  io::Task<io::Io> write(io::Pieces pieces) {
    return client_.stream.write(pieces, steady_clock::now() + client_.shard.shared.settings.keep_alive);
  }

  io::Task<bool> send(const std::string& head, const std::string& lines, bool chunked) {
    if (head.empty() && lines.empty()) co_return true;
    const http::ChunkHeader chunk(lines.size());
    io::Pieces pieces{head, lines};
    if (chunked && !lines.empty()) pieces = {head, chunk.text(), lines, "\r\n"};
    const io::Io io = co_await write(pieces);
    co_return io.ok();
  }

  Client& client_;
  const std::shared_ptr<News> news_;
  const std::shared_ptr<LogStream> stream_;
};

}  // namespace

io::Task<Outcome> answer_following(Client& client, cluster::LogQuery query) {
  io::Reactor& reactor = client.shard.reactor;
  auto news = std::make_shared<News>(reactor);
  auto stream = client.shard.shared.log_streams.start(
      std::move(query), [news, &reactor] { reactor.post([news] { news->place.wake(io::Wake::kReady); }); });
  if (!stream) {
    Answer answer = error_answer(503, kClientHop,
                                 "as many logs as may be are followed: " + std::to_string(LogStreams::kMost),
                                 "ask without follow, or try again when another has ended");
    answer.headers.push_back({"Retry-After", "10"});
    co_return co_await reply(client, answer, true);
  }
  Following following(client, news, stream);
  const Outcome outcome = co_await following.run();
  co_return outcome;
}

}  // namespace faisca::gateway
