// The kubelet's view of the device: gRPC service DevicePlugin (api/proto/kubelet_device_plugin.proto).
//
// ListAndWatch streams all slots, again after each change. Allocate gives a container the agent's socket: its
// folder, mounted read-only (a socket in it can be connected to all the same, and a new one appears after the
// agent's restart), and FAISCA_AGENT, which the offload watchdog reads. Thread: gRPC's; the board outlives
// the server.
#pragma once

#include <memory>
#include <string>

#include "api/proto/kubelet_device_plugin.grpc.pb.h"
#include "deviceplugin/kubelet/slot_board.h"
#include "lib/base/result.h"

namespace faisca::deviceplugin {

struct AllocationSettings {
  std::string host_folder;  // of the agent's socket, on the node
  std::string socket_name;  // in that folder
};

// Pure: what the containers of `request` need. kInvalidArgument for slots that `known` does not have.
Result<v1beta1::AllocateResponse> allocate(const v1beta1::AllocateRequest& request,
                                           const std::vector<Slot>& known,
                                           const AllocationSettings& settings);

class KubeletService final : public v1beta1::DevicePlugin::CallbackService {
 public:
  KubeletService(SlotBoard& board, AllocationSettings settings)
      : board_(board), settings_(std::move(settings)) {}

  grpc::ServerUnaryReactor* GetDevicePluginOptions(grpc::CallbackServerContext* context,
                                                   const v1beta1::Empty* request,
                                                   v1beta1::DevicePluginOptions* response) override;
  grpc::ServerWriteReactor<v1beta1::ListAndWatchResponse>* ListAndWatch(
      grpc::CallbackServerContext* context, const v1beta1::Empty* request) override;
  grpc::ServerUnaryReactor* GetPreferredAllocation(grpc::CallbackServerContext* context,
                                                   const v1beta1::PreferredAllocationRequest* request,
                                                   v1beta1::PreferredAllocationResponse* response) override;
  grpc::ServerUnaryReactor* Allocate(grpc::CallbackServerContext* context,
                                     const v1beta1::AllocateRequest* request,
                                     v1beta1::AllocateResponse* response) override;
  grpc::ServerUnaryReactor* PreStartContainer(grpc::CallbackServerContext* context,
                                              const v1beta1::PreStartContainerRequest* request,
                                              v1beta1::PreStartContainerResponse* response) override;

 private:
  SlotBoard& board_;
  const AllocationSettings settings_;
};

}  // namespace faisca::deviceplugin
