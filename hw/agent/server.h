// The gRPC server on a unix socket that only its user can open.
//
// A socket that nobody serves any more is replaced; one that another process serves, or a file of another
// kind, is an error. Thread: start and shutdown from one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace faisca::agent {

// "unix:PATH" → PATH. kInvalidArgument for other schemes, and for a path longer than a socket address holds.
Result<std::filesystem::path> parse_listen(std::string_view listen);

class Server {
 public:
  // `max_message`: bytes of a request; larger ones are answered RESOURCE_EXHAUSTED by gRPC itself.
  static Result<std::unique_ptr<Server>> start(const std::filesystem::path& socket, grpc::Service& service,
                                               std::uint64_t max_message);
  ~Server();

  // Stops accepting, waits up to `drain` for what is in flight, cancels the rest, removes the socket.
  void shutdown(std::chrono::nanoseconds drain);

 private:
  Server(std::filesystem::path socket, std::unique_ptr<grpc::Server> server);

  const std::filesystem::path socket_;
  std::unique_ptr<grpc::Server> server_;  // empty after shutdown
};

}  // namespace faisca::agent
