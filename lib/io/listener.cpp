#include "lib/io/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace faisca::io {
namespace {

constexpr int kBacklog = 4096;

enum class Share { kNo, kYes };

Result<UniqueFd> bind_one(const std::string& address, uint16_t port, Share share) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &to.sin_addr) != 1) {
    return fail(Code::kInvalidArgument, "address \"" + address + "\" is not an IPv4 address",
                "use 127.0.0.1 for this machine only or 0.0.0.0 for every interface");
  }
  const std::string where = address + ":" + std::to_string(port);
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return fail(errno_error(errno, "socket for " + where));
  const int one = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (share == Share::kYes) ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    if (errno == EADDRINUSE) {
      return fail(Code::kAlreadyExists, "port " + std::to_string(port) + " on " + address + " is taken",
                  "stop the process that has it (ss -ltnp) or choose another with --port");
    }
    return fail(errno_error(errno, "bind to " + where));
  }
  return socket;
}

}  // namespace

Result<Listening> listen_on(const std::string& address, uint16_t port, size_t sockets) {
  Listening result;
  FAISCA_TRY(first, bind_one(address, port, Share::kNo));
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  ::getsockname(first.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  result.port = ntohs(bound.sin_port);
  // Sharing is switched on once the exclusive bind has succeeded; the further binds need it on both sides.
  const int one = 1;
  ::setsockopt(first.get(), SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  result.sockets.push_back(std::move(first));
  while (result.sockets.size() < sockets) {
    FAISCA_TRY(next, bind_one(address, result.port, Share::kYes));
    result.sockets.push_back(std::move(next));
  }
  for (UniqueFd& socket : result.sockets) {
    if (::listen(socket.get(), kBacklog) != 0) {
      return fail(errno_error(errno, "listen on port " + std::to_string(result.port)));
    }
  }
  return result;
}

}  // namespace faisca::io
