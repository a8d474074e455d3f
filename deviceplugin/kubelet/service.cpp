#include "deviceplugin/kubelet/service.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace faisca::deviceplugin {
namespace {

constexpr char kContainerFolder[] = "/run/faisca";  // where every container finds the agent
constexpr char kAgentVariable[] = "FAISCA_AGENT";   // the offload watchdog's setting

// One stream to the kubelet: at most one write is under way; what changes meanwhile is sent after it. Lives
// until OnDone.
class SlotStream final : public grpc::ServerWriteReactor<v1beta1::ListAndWatchResponse> {
 public:
  explicit SlotStream(SlotBoard& board) : board_(board) {
    listener_ = board_.add([this] { changed(); });
    changed();
  }

  void OnWriteDone(bool ok) override {
    {
      std::lock_guard lock(mutex_);
      writing_ = false;
      broken_ = broken_ || !ok;
    }
    go_on();
  }
  void OnCancel() override {
    {
      std::lock_guard lock(mutex_);
      broken_ = true;
    }
    go_on();
  }
  void OnDone() override {
    board_.remove(listener_);
    delete this;
  }

 private:
  void changed() {
    {
      std::lock_guard lock(mutex_);
      outdated_ = true;
    }
    go_on();
  }

  // gRPC is called without the lock, for it may call back. After Finish nothing is touched: *this may be
  // gone.
  void go_on() {
    std::unique_lock lock(mutex_);
    if (finished_ || writing_) return;
    if (broken_) {
      finished_ = true;
      lock.unlock();
      return Finish(grpc::Status::OK);
    }
    if (!outdated_) return;
    outdated_ = false;
    writing_ = true;
    lock.unlock();
    message_.Clear();
    for (const Slot& slot : board_.slots()) {
      v1beta1::Device* device = message_.add_devices();
      device->set_id(slot.id);
      device->set_health(slot.health == Health::kHealthy ? "Healthy" : "Unhealthy");
    }
    StartWrite(&message_);
  }

  SlotBoard& board_;
  std::uint64_t listener_ = 0;
  std::mutex mutex_;
  v1beta1::ListAndWatchResponse message_;  // of whoever has set writing_
  bool writing_ = false, outdated_ = false, broken_ = false, finished_ = false;  // guarded by mutex_
};

template <class Context>
grpc::ServerUnaryReactor* finish(Context* context, const grpc::Status& status = grpc::Status::OK) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

}  // namespace

Result<v1beta1::AllocateResponse> allocate(const v1beta1::AllocateRequest& request,
                                           const std::vector<Slot>& known,
                                           const AllocationSettings& settings) {
  v1beta1::AllocateResponse response;
  for (const auto& wanted : request.container_requests()) {
    for (const std::string& id : wanted.devices_ids())
      if (std::none_of(known.begin(), known.end(), [&](const Slot& slot) { return slot.id == id; }))
        return fail(
            Code::kInvalidArgument, "there is no slot \"" + id + "\"",
            "the device has " + std::to_string(known.size()) + " slots now; the pod must be made anew");
    v1beta1::ContainerAllocateResponse* answer = response.add_container_responses();
    (*answer->mutable_envs())[kAgentVariable] =
        "unix:" + std::string(kContainerFolder) + "/" + settings.socket_name;
    v1beta1::Mount* mount = answer->add_mounts();
    mount->set_container_path(kContainerFolder);
    mount->set_host_path(settings.host_folder);
    mount->set_read_only(true);
  }
  return response;
}

grpc::ServerUnaryReactor* KubeletService::GetDevicePluginOptions(grpc::CallbackServerContext* context,
                                                                 const v1beta1::Empty*,
                                                                 v1beta1::DevicePluginOptions* response) {
  response->set_get_preferred_allocation_available(true);
  return finish(context);
}

grpc::ServerWriteReactor<v1beta1::ListAndWatchResponse>* KubeletService::ListAndWatch(
    grpc::CallbackServerContext*, const v1beta1::Empty*) {
  return new SlotStream(board_);
}

grpc::ServerUnaryReactor* KubeletService::GetPreferredAllocation(
    grpc::CallbackServerContext* context, const v1beta1::PreferredAllocationRequest* request,
    v1beta1::PreferredAllocationResponse* response) {
  for (const auto& wanted : request->container_requests()) {
    const std::vector<std::string> available(wanted.available_deviceids().begin(),
                                             wanted.available_deviceids().end());
    const std::vector<std::string> must(wanted.must_include_deviceids().begin(),
                                        wanted.must_include_deviceids().end());
    auto* answer = response->add_container_responses();
    for (std::string& id :
         preferred(available, must, static_cast<std::size_t>(std::max(0, wanted.allocation_size()))))
      answer->add_deviceids(std::move(id));
  }
  return finish(context);
}

grpc::ServerUnaryReactor* KubeletService::Allocate(grpc::CallbackServerContext* context,
                                                   const v1beta1::AllocateRequest* request,
                                                   v1beta1::AllocateResponse* response) {
  auto answer = allocate(*request, board_.slots(), settings_);
  if (!answer)
    return finish(context,
                  grpc::Status(static_cast<grpc::StatusCode>(answer.error().code), answer.error().text()));
  *response = *std::move(answer);
  return finish(context);
}

grpc::ServerUnaryReactor* KubeletService::PreStartContainer(grpc::CallbackServerContext* context,
                                                            const v1beta1::PreStartContainerRequest*,
                                                            v1beta1::PreStartContainerResponse*) {
  return finish(context);
}

}  // namespace faisca::deviceplugin
