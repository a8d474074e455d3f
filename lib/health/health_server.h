// /healthz, /readyz and /metrics of a component over HTTP: one connection at a time, one request a
// connection, each within two seconds. That is enough for a probe and a scrape every few seconds. Thread: one
// of its own; the questions are asked on it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "lib/base/result.h"

namespace faisca {

struct HealthQuestions {
  std::function<bool()> alive;           // false: restart this process
  std::function<std::string()> unready;  // why it is not ready; empty: it is
  std::function<std::string()> metrics;
};

class HealthServer {
 public:
  // Listens. Port 0 picks a free one. Errors are listen_on's (lib/io/listener.h).
  static Result<std::unique_ptr<HealthServer>> start(const std::string& address, uint16_t port,
                                                     HealthQuestions questions);
  ~HealthServer();  // after the request in progress

  uint16_t port() const;

 private:
  struct Parts;
  explicit HealthServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace faisca
