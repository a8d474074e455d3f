#include "lib/cluster/embedded/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace faisca::cluster {

Result<Listener> listen_on_loopback() {
  constexpr int kQueue = 1024;
  Listener listener;
  listener.fd.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listener.fd) return fail(errno_error(errno, "cannot create a socket"));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener.fd.get(), generic, size) < 0 || ::listen(listener.fd.get(), kQueue) < 0 ||
      ::getsockname(listener.fd.get(), generic, &size) < 0)
    return fail(errno_error(errno, "cannot listen on 127.0.0.1"));
  listener.port = ntohs(address.sin_port);
  return listener;
}

}  // namespace faisca::cluster
