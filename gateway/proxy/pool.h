// A reactor's idle keep-alive connections to instances.
//
// A connection that its instance closed meanwhile is never given out: its hang-up has been seen by the
// reactor, and costs no call to check. What remains is the instance that closes in the very moment a request
// is sent; the exchange retries that where it may. Thread: its reactor's.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "gateway/proxy/settings.h"
#include "gateway/route/table.h"
#include "lib/io/stream.h"

namespace faisca::gateway {

class InstancePool {
 public:
  explicit InstancePool(const ProxySettings& settings) : settings_(settings) {}

  // Null when there is none.
  std::unique_ptr<io::Stream> take(const InstancePtr& instance, SteadyTime now);
  void put(const InstancePtr& instance, std::unique_ptr<io::Stream> stream, SteadyTime now);

  // Closes what has been idle too long, was closed by its instance, or whose instance only the pool
  // remembers.
  void prune(SteadyTime now);
  void clear() { idle_.clear(); }
  size_t size() const;

 private:
  struct Idle {
    std::unique_ptr<io::Stream> stream;
    SteadyTime since;
  };
  bool usable(const Idle& idle, SteadyTime now) const;

  const ProxySettings& settings_;
  std::unordered_map<InstancePtr, std::vector<Idle>> idle_;
};

}  // namespace faisca::gateway
