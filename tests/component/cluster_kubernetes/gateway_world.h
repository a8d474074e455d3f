// A whole gateway over a real API server, with real watchdogs as instances and the test as operator: it
// writes the EndpointSlices.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/gateway.h"
#include "gateway/testing/sockets.h"
#include "lib/cluster/kubernetes/kubernetes.h"
#include "lib/kube/rest_client.h"
#include "watchdog/testing/test_watchdog.h"

namespace faisca {

// The API server takes no loopback address in an EndpointSlice: tests write this one, and the gateway reads
// 127.0.0.1 instead. Everything else is passed on.
inline constexpr char kThisMachine[] = "192.0.2.1";
class LoopbackClient final : public kube::Client {
 public:
  explicit LoopbackClient(kube::Client& inner) : inner_(inner) {}
  Result<kube::Json> send(const kube::Request& request) override;
  Status stream(const kube::Request& request, const LineSink& line, std::stop_token stop) override;

 private:
  kube::Client& inner_;
};

std::unique_ptr<watchdog::TestWatchdog> start_instance(const std::string& command = "/bin/cat");

enum class Pod { kReady, kNotReady, kTerminating };
struct SliceEndpoint {
  const watchdog::TestWatchdog* instance;
  Pod state = Pod::kReady;
};
// One slice an endpoint, because all endpoints of a slice share a port.
void put_endpoints(kube::Client& client, const std::string& name_space, const std::string& function,
                   const std::vector<SliceEndpoint>& endpoints);

class GatewayWorld {
 public:
  // `client` reaches the API server and outlives it.
  GatewayWorld(kube::Client& client, cluster::KubernetesSettings settings);
  ~GatewayWorld();

  gateway::testing::TestClient connect() const { return gateway::testing::TestClient(port_); }
  gateway::testing::Response request(const std::string& method, const std::string& path,
                                     const std::string& body = "") const {
    return connect().request(method, path, body);
  }
  // Calls until the answer is `body`; false after a while.
  bool answers(const std::string& path, const std::string& body) const;
  // Waits until the gateway knows so many ready instances.
  bool knows(const std::string& function, size_t ready) const;
  uint16_t port() const { return port_; }
  cluster::Cluster& cluster() { return *cluster_; }

 private:
  LoopbackClient client_;
  RealClock clock_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<gateway::Gateway> gateway_;
  uint16_t port_ = 0;
};

}  // namespace faisca
