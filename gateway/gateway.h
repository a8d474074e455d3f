// The gateway put together: reactors with their threads, the route table, metrics and the management API.
//
// Shutdown is a gate: stop accepting, let idle connections go, wait for requests in flight (bounded), stop.
// Thread: constructed, started and stopped by one thread; its own threads do the work.
#pragma once

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "gateway/proxy/settings.h"
#include "lib/base/clock.h"
#include "lib/cluster/cluster.h"
#include "lib/io/listener.h"

namespace faisca::gateway {

class Gateway {
 public:
  struct Settings {
    ProxySettings proxy;
    std::chrono::nanoseconds drain = std::chrono::seconds(10);  // for requests in flight when stopping
  };

  // `cluster` and `clock` outlive it. One reactor per listening socket.
  Gateway(Settings settings, cluster::Cluster& cluster, const Clock& clock);
  ~Gateway();  // stops

  void start(io::Listening listening);
  void stop();

 private:
  struct Parts;
  const Settings settings_;
  std::unique_ptr<Parts> parts_;
  std::vector<std::thread> threads_;
};

}  // namespace faisca::gateway
