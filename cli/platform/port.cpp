#include "cli/platform/port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <random>

#include "lib/base/unique_fd.h"

namespace faisca::cli {

namespace {

// Below the ports that the kernel gives to outgoing connections (ip(7), ip_local_port_range): between this
// look and the gateway's own bind nobody is handed the port by chance.
constexpr int kFirst = 20000;
constexpr int kLast = 32000;
constexpr int kTries = 100;

Status try_port(const std::string& address, uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &name.sin_addr) != 1)
    return fail(Code::kInvalidArgument, "\"" + address + "\" is not an IPv4 address",
                "use --address 127.0.0.1");
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return fail(errno_error(errno, "opening a socket"));
  // A port whose last connections are in TIME_WAIT is free, as it is for the gateway.
  const int reuse = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) == 0 &&
      ::listen(socket.get(), 1) == 0)
    return {};
  const std::string where = address + ":" + std::to_string(port);
  if (errno == EADDRINUSE)
    return fail(
        Code::kFailedPrecondition, where + " is taken by another program",
        "stop it (`ss -ltnp sport = :" + std::to_string(port) + "` names it), or start with --port N");
  if (errno == EADDRNOTAVAIL)
    return fail(Code::kInvalidArgument, address + " is not an address of this machine",
                "use --address 127.0.0.1");
  if (errno == EACCES)
    return fail(Code::kPermissionDenied, where + " needs root", "take a port over 1023 with --port N");
  return fail(errno_error(errno, "listening on " + where));
}

}  // namespace

Result<uint16_t> free_port(const std::string& address, uint16_t port) {
  if (port != 0) {
    FAISCA_CHECK_OK(try_port(address, port));
    return port;
  }
  std::random_device random;
  std::uniform_int_distribution<int> candidates(kFirst, kLast);
  Status last;
  for (int i = 0; i < kTries; ++i) {
    const auto candidate = static_cast<uint16_t>(candidates(random));
    last = try_port(address, candidate);
    if (last) return candidate;
    if (last.error().code != Code::kFailedPrecondition) break;
  }
  return fail(last.error());
}

}  // namespace faisca::cli
