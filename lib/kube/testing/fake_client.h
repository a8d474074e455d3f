// An API server in memory for tests of controllers: resourceVersions and their conflicts, uids, generations,
// the status subresource, merge patch and a simple server-side apply, watches, deletion with finalizers and
// owner references, and failures on demand. It knows no schemas, defaults or admission: behaviour that hangs
// on those is tested on the real one.
//
// Thread: any.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "lib/kube/client.h"

namespace faisca::kube::testing {

class FakeClient final : public Client {
 public:
  FakeClient();
  ~FakeClient() override;

  Result<Json> send(const Request& request) override;
  Status stream(const Request& request, const LineSink& line, std::stop_token stop) override;

  // Asked before every request; an error is its answer.
  using Fault = std::function<std::optional<Error>(const Request& request)>;
  void set_fault(Fault fault);

  // Every request so far, in order.
  std::vector<Request> requests() const;
  size_t writes() const;
  void clear_requests();

  // Ends all watches; with `forget_history` their next attempt gets 410 Gone.
  enum class History { kKept, kForgotten };
  void cut_watches(History history = History::kKept);

 private:
  struct World;
  std::unique_ptr<World> world_;
};

}  // namespace faisca::kube::testing
