// One HTTP exchange with the API server: what RestClient stands on, and all that knows cpprestsdk.
// Internal to lib/kube. Thread: any number of calls at once; each blocks its caller.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/kube/config.h"

namespace faisca::kube {

struct HttpCall {
  std::string method;
  std::string target;  // path and query, escaped
  std::string content_type;
  std::string body;
  std::string authorization;  // header value; may be empty
  std::chrono::milliseconds timeout{30'000};
  std::stop_token stop;
};

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::optional<std::chrono::seconds> retry_after;
};

// Why there was no answer. `sent`: the server may have acted on the request.
struct NoAnswer {
  Error error;
  bool sent = true;
};

class Transport {
 public:
  virtual ~Transport() = default;

  // The whole answer, within `call.timeout`.
  virtual tl::expected<HttpAnswer, NoAnswer> exchange(const HttpCall& call) = 0;

  // Gives the body's bytes to `piece` as they come, if the status is 200; until it returns false. Any other
  // status comes back with its body. `call.timeout` is for each piece.
  using PieceSink = std::function<bool(std::string_view bytes)>;
  virtual tl::expected<HttpAnswer, NoAnswer> stream(const HttpCall& call, const PieceSink& piece) = 0;
};

// Connections are kept and used again. `user_agent` goes with every request.
Result<std::unique_ptr<Transport>> make_cpprest_transport(const Config& config, std::string user_agent);

}  // namespace faisca::kube
