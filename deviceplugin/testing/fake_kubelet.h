// The kubelet's side of the device plugin API, for tests: takes registrations on kubelet.sock, follows
// ListAndWatch of the plugin that registered, and asks it for allocations. Thread: its own; everything may be
// called from the test's.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/proto/kubelet_device_plugin.grpc.pb.h"

namespace grpc {
class Server;
}

namespace faisca::deviceplugin {

class FakeKubelet {
 public:
  // As the kubelet does at its start: removes all sockets of `folder`, then serves kubelet.sock.
  explicit FakeKubelet(std::filesystem::path folder);
  ~FakeKubelet();

  using Slots = std::map<std::string, std::string>;  // id → health
  // Waits until `wanted` says yes to what ListAndWatch told last; false after 20 seconds.
  bool wait_for(const std::function<bool(const Slots&)>& wanted);
  bool wait_for_registration();
  v1beta1::RegisterRequest registration();
  // Asks the registered plugin, as at the start of a pod.
  grpc::Status allocate(const std::vector<std::string>& ids, v1beta1::ContainerAllocateResponse& answer);
  std::vector<std::string> preferred(const std::vector<std::string>& available, int wanted);

 private:
  class Registry;
  void follow();

  const std::filesystem::path folder_;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<grpc::Server> server_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<v1beta1::RegisterRequest> registrations_;  // guarded by mutex_
  Slots slots_;                                          // guarded by mutex_
  bool told_ = false;                                    // guarded by mutex_; ListAndWatch has said something
  bool closing_ = false;                                 // guarded by mutex_
  std::shared_ptr<grpc::ClientContext> stream_;          // guarded by mutex_
  std::thread follower_;
};

}  // namespace faisca::deviceplugin
