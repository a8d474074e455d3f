// The real Client: TLS to the API server, credentials that rotate, a rate limit, and retries of what may be
// sent twice.
//
// Retried up to `settings.tries` times with back-off, within the request's timeout: 429 with the server's
// Retry-After (it was not executed), a connection that could not be made, and for requests that are
// idempotent (everything but kCreate) also a broken connection, 500 with Retry-After, 502, 503 and 504. The
// caller decides about everything else. Thread: any number at once; the caller's thread waits.
#pragma once

#include <memory>

#include "lib/kube/client.h"
#include "lib/kube/config.h"

namespace faisca::kube {

struct RestSettings {
  double requests_per_second = 50;  // on average, watches not counted; 0: no limit
  int burst = 100;                  // so many at once before the average counts
  int tries = 4;                    // of one request, the first included
  std::string user_agent = "faisca";
};

struct RestCounters {
  uint64_t requests = 0;  // sent, each try counted
  uint64_t writes = 0;    // of those, everything but get, list and watch
  uint64_t retries = 0;
  uint64_t waits = 0;  // requests held back by the rate limit
};

class RestClient final : public Client {
 public:
  // Reads certificates and token once to find out what is wrong with them now: kInvalidArgument,
  // kNotFound. Does not connect.
  static Result<std::unique_ptr<RestClient>> create(Config config, RestSettings settings = {});
  ~RestClient() override;

  Result<Json> send(const Request& request) override;
  Status stream(const Request& request, const LineSink& line, std::stop_token stop) override;

  RestCounters counters() const;
  const std::string& default_space() const;  // the configuration's namespace

 private:
  struct Parts;
  explicit RestClient(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace faisca::kube
