#include "deviceplugin/testing/fake_kubelet.h"

#include <grpcpp/grpcpp.h>

#include <chrono>

namespace faisca::deviceplugin {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<v1beta1::DevicePlugin::Stub> plugin_of(const std::filesystem::path& socket) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return v1beta1::DevicePlugin::NewStub(
      grpc::CreateCustomChannel("unix:" + socket.string(), grpc::InsecureChannelCredentials(), arguments));
}

}  // namespace

class FakeKubelet::Registry final : public v1beta1::Registration::Service {
 public:
  explicit Registry(FakeKubelet& kubelet) : kubelet_(kubelet) {}
  grpc::Status Register(grpc::ServerContext*, const v1beta1::RegisterRequest* request,
                        v1beta1::Empty*) override {
    std::lock_guard lock(kubelet_.mutex_);
    kubelet_.registrations_.push_back(*request);
    kubelet_.changed_.notify_all();
    return grpc::Status::OK;
  }

 private:
  FakeKubelet& kubelet_;
};

FakeKubelet::FakeKubelet(std::filesystem::path folder)
    : folder_(std::move(folder)), registry_(std::make_unique<Registry>(*this)) {
  for (const auto& entry : std::filesystem::directory_iterator(folder_))
    if (entry.is_socket()) std::filesystem::remove(entry.path());
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + (folder_ / "kubelet.sock").string(), grpc::InsecureServerCredentials());
  builder.RegisterService(registry_.get());
  server_ = builder.BuildAndStart();
  follower_ = std::thread([this] { follow(); });
}

FakeKubelet::~FakeKubelet() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
    if (stream_) stream_->TryCancel();
    changed_.notify_all();
  }
  follower_.join();
  server_->Shutdown(std::chrono::system_clock::now());
}

void FakeKubelet::follow() {
  std::size_t followed = 0;
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closing_ || registrations_.size() > followed; });
    if (closing_) return;
    followed = registrations_.size();
    const auto stub = plugin_of(folder_ / registrations_.back().endpoint());
    const auto context = stream_ = std::make_shared<grpc::ClientContext>();
    lock.unlock();
    const auto reader = stub->ListAndWatch(context.get(), {});
    v1beta1::ListAndWatchResponse message;
    while (reader->Read(&message)) {
      std::lock_guard guard(mutex_);
      slots_.clear();
      for (const auto& device : message.devices()) slots_[device.id()] = device.health();
      told_ = true;
      changed_.notify_all();
    }
    (void)reader->Finish();
  }
}

bool FakeKubelet::wait_for(const std::function<bool(const Slots&)>& wanted) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, 20s, [&] { return told_ && wanted(slots_); });
}

bool FakeKubelet::wait_for_registration() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, 20s, [&] { return !registrations_.empty(); });
}

v1beta1::RegisterRequest FakeKubelet::registration() {
  std::lock_guard lock(mutex_);
  return registrations_.empty() ? v1beta1::RegisterRequest() : registrations_.back();
}

grpc::Status FakeKubelet::allocate(const std::vector<std::string>& ids,
                                   v1beta1::ContainerAllocateResponse& answer) {
  v1beta1::AllocateRequest request;
  auto* container = request.add_container_requests();
  for (const std::string& id : ids) container->add_devices_ids(id);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 10s);
  v1beta1::AllocateResponse response;
  const grpc::Status status =
      plugin_of(folder_ / registration().endpoint())->Allocate(&context, request, &response);
  if (status.ok() && response.container_responses_size() == 1) answer = response.container_responses(0);
  return status;
}

std::vector<std::string> FakeKubelet::preferred(const std::vector<std::string>& available, int wanted) {
  v1beta1::PreferredAllocationRequest request;
  auto* container = request.add_container_requests();
  for (const std::string& id : available) container->add_available_deviceids(id);
  container->set_allocation_size(wanted);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + 10s);
  v1beta1::PreferredAllocationResponse response;
  const auto status =
      plugin_of(folder_ / registration().endpoint())->GetPreferredAllocation(&context, request, &response);
  if (!status.ok() || response.container_responses_size() != 1) return {};
  const auto& ids = response.container_responses(0).deviceids();
  return {ids.begin(), ids.end()};
}

}  // namespace faisca::deviceplugin
