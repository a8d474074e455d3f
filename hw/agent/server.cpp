#include "hw/agent/server.h"

#include <grpcpp/grpcpp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

#include "lib/base/unique_fd.h"

namespace faisca::agent {
namespace {

constexpr std::string_view kScheme = "unix:";

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

// Makes the path free for our socket.
Status clear_path(const std::filesystem::path& path) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT) return {};
    return fail(errno_error(errno, "looking at " + path.string()));
  }
  if (!S_ISSOCK(info.st_mode))
    return fail(Code::kAlreadyExists, path.string() + " exists and is not a socket",
                "remove it, or set another listen");
  const UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!probe) return fail(errno_error(errno, "making a socket"));
  const sockaddr_un address = address_of(path);
  const int connected = ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  // A full backlog (EAGAIN) is served by someone, too.
  if (connected == 0 || errno == EAGAIN)
    return fail(Code::kAlreadyExists, "another agent serves " + path.string(),
                "stop it, or set another listen");
  if (errno != ECONNREFUSED) return fail(errno_error(errno, "probing " + path.string()));
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return fail(errno_error(errno, "removing the old socket " + path.string()));
  return {};
}

}  // namespace

Result<std::filesystem::path> parse_listen(std::string_view listen) {
  if (!listen.starts_with(kScheme) || listen.size() == kScheme.size())
    return fail(Code::kInvalidArgument, "listen \"" + std::string(listen) + "\" is not unix:PATH",
                "for example unix:/run/faisca/agent.sock");
  const std::string_view path = listen.substr(kScheme.size());
  if (path.size() >= sizeof(sockaddr_un::sun_path))
    return fail(Code::kInvalidArgument,
                "the socket path " + std::string(path) + " is " + std::to_string(path.size()) +
                    " bytes long; a unix socket takes at most " +
                    std::to_string(sizeof(sockaddr_un::sun_path) - 1),
                "choose a shorter folder");
  return std::filesystem::path(path);
}

Server::Server(std::filesystem::path socket, std::unique_ptr<grpc::Server> server)
    : socket_(std::move(socket)), server_(std::move(server)) {}

Server::~Server() { shutdown(std::chrono::nanoseconds(0)); }

Result<std::unique_ptr<Server>> Server::start(const std::filesystem::path& socket, grpc::Service& service,
                                              std::uint64_t max_message) {
  FAISCA_CHECK_OK(clear_path(socket));
  if (std::error_code error;
      !socket.parent_path().empty() && !std::filesystem::is_directory(socket.parent_path(), error))
    return fail(Code::kNotFound, "the socket's folder " + socket.parent_path().string() + " does not exist",
                "make it first");

  grpc::ServerBuilder builder;
  int bound = 0;
  builder.AddListeningPort("unix:" + socket.string(), grpc::InsecureServerCredentials(), &bound);
  builder.RegisterService(&service);
  builder.SetMaxReceiveMessageSize(
      static_cast<int>(std::min<std::uint64_t>(max_message, std::numeric_limits<int>::max())));
  builder.SetMaxSendMessageSize(-1);
  // The mode must be right from the moment the socket appears. The umask belongs to the process, but nothing
  // else here makes files.
  const mode_t before = ::umask(0177);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  ::umask(before);
  if (!server || bound == 0)
    return fail(Code::kUnavailable, "cannot listen on " + socket.string(),
                "check that its folder is writable");
  return std::unique_ptr<Server>(new Server(socket, std::move(server)));
}

void Server::shutdown(std::chrono::nanoseconds drain) {
  if (!server_) return;
  server_->Shutdown(std::chrono::system_clock::now() +
                    std::chrono::duration_cast<std::chrono::microseconds>(drain));
  server_.reset();
  ::unlink(socket_.c_str());
}

}  // namespace faisca::agent
