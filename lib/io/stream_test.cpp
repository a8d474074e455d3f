#include "lib/io/stream.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "lib/io/listener.h"

namespace faisca::io {
namespace {

using namespace std::chrono_literals;

SteadyTime soon() { return std::chrono::steady_clock::now() + 20s; }

struct Pair {
  UniqueFd a, b;
  Pair() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) != 0) std::abort();
    a.reset(fds[0]);
    b.reset(fds[1]);
  }
};

Task<> send_all(Stream& stream, std::string text, Io& result) {
  result = co_await stream.write({text, "", "!", ""}, soon());
  stream.shut_down();
}

Task<> read_all(Stream& stream, std::string& out, Io& result) {
  for (;;) {
    result = co_await stream.fill(soon());
    out += stream.input().bytes();
    stream.input().consume(stream.input().size());
    if (!result.ok()) break;
  }
  stream.source().reactor().stop();
}

TEST(Stream, CarriesMoreThanTheSocketHolds) {
  Reactor reactor;
  Pair pair;
  Stream left(reactor, std::move(pair.a)), right(reactor, std::move(pair.b));
  Io sent, received;
  std::string out;
  const std::string text(5 << 20, 'x');
  reactor.spawn(send_all(left, text, sent));
  reactor.spawn(read_all(right, out, received));
  reactor.run();
  EXPECT_TRUE(sent.ok());
  EXPECT_EQ(received.state, Io::kEnd);
  EXPECT_EQ(out.size(), text.size() + 1);
  EXPECT_EQ(out.back(), '!');
  EXPECT_EQ(left.sent(), text.size() + 1);
}

Task<> expect_deadline(Stream& stream, Io& result) {
  result = co_await stream.fill(std::chrono::steady_clock::now() + 10ms);
  stream.source().reactor().stop();
}

TEST(Stream, GivesUpAtTheDeadline) {
  Reactor reactor;
  Pair pair;
  Stream left(reactor, std::move(pair.a));
  Io result;
  reactor.spawn(expect_deadline(left, result));
  reactor.run();
  EXPECT_EQ(result.state, Io::kDeadline);
}

Task<> wait_for(Waitable& place, Wake& result, Reactor& reactor) {
  result = co_await place.wait(soon());
  reactor.stop();
}

TEST(Source, InterruptsAnotherWaitWhenItsPeerHangsUp) {
  Reactor reactor;
  Pair pair;
  Stream left(reactor, std::move(pair.a));
  Waitable place(reactor);
  Wake result = Wake::kReady;
  left.source().interrupt_on_hang_up(&place);
  reactor.spawn(wait_for(place, result, reactor));
  pair.b.reset();
  reactor.run();
  EXPECT_EQ(result, Wake::kInterrupted);
  EXPECT_TRUE(left.source().hung_up());
}

Task<> try_connect(Reactor& reactor, uint16_t port, Io& result) {
  Connected connected = co_await connect(reactor, "127.0.0.1", port, soon());
  result = connected.io;
  reactor.stop();
}

TEST(Connect, ReachesAListenerAndSaysWhenThereIsNone) {
  uint16_t port = 0;
  {
    Reactor reactor;
    auto listening = listen_on("127.0.0.1", 0, 1);
    ASSERT_TRUE(listening);
    port = listening->port;
    Io result;
    reactor.spawn(try_connect(reactor, port, result));
    reactor.run();
    EXPECT_TRUE(result.ok()) << result.text();
  }
  Reactor reactor;
  Io result;
  reactor.spawn(try_connect(reactor, port, result));
  reactor.run();
  EXPECT_EQ(result.state, Io::kFailed);
  EXPECT_EQ(result.error, ECONNREFUSED);
}

}  // namespace
}  // namespace faisca::io
