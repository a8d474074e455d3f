// One HTTPS connection of the webhook's server: requests one after another, answered by a function. Blocking,
// with a time limit on every wait. Thread: serve() on one; hang_up() and idle_since() from any.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/unique_fd.h"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_st SSL;

namespace faisca::webhook {

struct HttpRequest {
  std::string method;
  std::string path;
  std::string body;
};
struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
};
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct ConnectionLimits {
  std::chrono::milliseconds request{
      10'000};  // for the handshake, and for a request to arrive from its first byte on
  std::chrono::milliseconds idle{100'000};  // between requests; Go's clients close after 90 s
  std::size_t body = 8u << 20;
};

class Connection {
 public:
  Connection(UniqueFd socket, std::shared_ptr<SSL_CTX> context, const HttpHandler& handler,
             ConnectionLimits limits);
  ~Connection();

  void serve();
  void hang_up();  // ends serve() soon
  // When it began to wait for a request; SteadyTime::max() while it works on one.
  SteadyTime idle_since() const { return idle_since_; }

 private:
  enum class Next { kGoOn, kClose };
  enum class Got { kBytes, kEnd };

  bool shake_hands();
  Next serve_one();
  Got fill(SteadyTime deadline);
  Next refuse(int status, std::string_view reason);
  Next respond(const HttpResponse& response, Next next);
  bool write(std::string_view bytes);
  bool wait(short events, SteadyTime deadline);

  const UniqueFd socket_;
  const std::shared_ptr<SSL_CTX> context_;
  const HttpHandler& handler_;
  const ConnectionLimits limits_;
  SSL* ssl_ = nullptr;
  std::string input_;  // not used yet
  std::atomic<SteadyTime> idle_since_{SteadyTime::max()};
};

}  // namespace faisca::webhook
