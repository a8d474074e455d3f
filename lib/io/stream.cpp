#include "lib/io/stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <system_error>

namespace faisca::io {
namespace {

Io from_wake(Wake wake) {
  switch (wake) {
    case Wake::kReady:
      return {};
    case Wake::kDeadline:
      return {Io::kDeadline};
    case Wake::kInterrupted:
      return {Io::kInterrupted};
    case Wake::kStopped:
      return {Io::kStopped};
  }
  return {};
}

size_t total(const Pieces& pieces) {
  size_t size = 0;
  for (std::string_view piece : pieces) size += piece.size();
  return size;
}

}  // namespace

std::string Io::text() const {
  switch (state) {
    case kOk:
      return "no error";
    case kEnd:
      return "closed by the peer";
    case kDeadline:
      return "the deadline passed";
    case kInterrupted:
      return "interrupted";
    case kStopped:
      return "shutting down";
    case kFailed:
      return std::system_category().message(error);
  }
  return "";
}

Io Stream::try_fill() {
  for (;;) {
    if (!source_.readable()) return {Io::kInterrupted};
    const std::span<char> room = input_.prepare();
    if (room.empty()) return {Io::kFailed, ENOBUFS};
    const ssize_t count = ::recv(source_.fd(), room.data(), room.size(), 0);
    if (count > 0) {
      // Less than asked means that the socket is empty: the next byte makes a new event.
      if (static_cast<size_t>(count) < room.size()) source_.drained();
      input_.commit(static_cast<size_t>(count));
      return {};
    }
    if (count == 0) return {Io::kEnd};
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return {Io::kFailed, errno};
    source_.drained();
    return {Io::kInterrupted};
  }
}

Task<Io> Stream::fill(SteadyTime deadline) {
  for (;;) {
    const Io io = try_fill();
    if (io.state != Io::kInterrupted) co_return io;
    const Wake wake = co_await source_.reading().wait(deadline);
    if (wake != Wake::kReady) co_return from_wake(wake);
  }
}

Io Stream::try_write(Pieces& pieces) {
  while (total(pieces) > 0) {
    if (!source_.writable()) return {Io::kInterrupted};
    std::array<iovec, std::tuple_size_v<Pieces>> vectors;
    size_t used = 0;
    for (std::string_view piece : pieces) {
      if (!piece.empty()) vectors[used++] = {const_cast<char*>(piece.data()), piece.size()};
    }
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = used;
    const ssize_t count = ::sendmsg(source_.fd(), &message, MSG_NOSIGNAL);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return {Io::kFailed, errno};
      source_.clogged();
      return {Io::kInterrupted};
    }
    sent_ += static_cast<uint64_t>(count);
    auto left = static_cast<size_t>(count);
    for (std::string_view& piece : pieces) {
      const size_t taken = std::min(left, piece.size());
      piece.remove_prefix(taken);
      left -= taken;
    }
  }
  return {};
}

Task<Io> Stream::write(Pieces pieces, SteadyTime deadline) {
  for (;;) {
    const Io io = try_write(pieces);
    if (io.state != Io::kInterrupted) co_return io;
    const Wake wake = co_await source_.writing().wait(deadline);
    if (wake != Wake::kReady) co_return from_wake(wake);
  }
}

void Stream::shut_down() { ::shutdown(source_.fd(), SHUT_WR); }

void Stream::abort() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(source_.fd(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

Task<Connected> connect(Reactor& reactor, std::string address, uint16_t port, SteadyTime deadline) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &to.sin_addr) != 1)
    co_return Connected{nullptr, {Io::kFailed, EINVAL}};
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) co_return Connected{nullptr, {Io::kFailed, errno}};
  const int one = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  const int status = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to);
  if (status == 0) co_return Connected{std::make_unique<Stream>(reactor, std::move(socket)), {}};
  if (errno != EINPROGRESS) co_return Connected{nullptr, {Io::kFailed, errno}};
  auto stream = std::make_unique<Stream>(reactor, std::move(socket), Source::Starts::kClogged);
  while (!stream->source().writable()) {
    const Wake wake = co_await stream->source().writing().wait(deadline);
    if (wake != Wake::kReady) co_return Connected{nullptr, from_wake(wake)};
  }
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(stream->source().fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) co_return Connected{nullptr, {Io::kFailed, error}};
  co_return Connected{std::move(stream), {}};
}

}  // namespace faisca::io
