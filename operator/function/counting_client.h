// A Client that counts what changes something. Thread: as the client it stands before.
#pragma once

#include "lib/kube/client.h"
#include "operator/function/metrics.h"

namespace faisca::operators {

class CountingClient final : public kube::Client {
 public:
  CountingClient(kube::Client& client, Metrics& metrics) : client_(client), metrics_(metrics) {}

  Result<kube::Json> send(const kube::Request& request) override;
  Status stream(const kube::Request& request, const LineSink& line, std::stop_token stop) override;

 private:
  kube::Client& client_;
  Metrics& metrics_;
};

}  // namespace faisca::operators
