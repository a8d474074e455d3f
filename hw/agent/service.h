// The gRPC service of api/proto/offload.proto, on gRPC's callback threads: checks and translates, runs
// nothing itself.
//
// A request with an object is verified on the calling thread; runs go through the queue. A client that goes
// away cancels its job. Thread: gRPC's; everything it refers to outlives the server.
#pragma once

#include <cstdint>

#include "api/proto/offload.grpc.pb.h"
#include "hw/agent/device/device.h"
#include "hw/agent/program_store.h"
#include "hw/agent/queue.h"
#include "hw/agent/runner.h"
#include "hw/agent/stats.h"
#include "lib/base/clock.h"

namespace faisca::agent {

namespace proto = faisca::offload::v1alpha1;

class OffloadService final : public proto::Offload::CallbackService {
 public:
  struct Parts {
    ProgramStore& store;
    Queue& queue;
    const Runner& runner;
    const agent::Stats& stats;  // not the method
    const Clock& clock;
    device::DeviceInfo device;
    std::uint32_t default_budget;  // instructions
    std::string instance;          // of this process, as Stats tells it
  };
  explicit OffloadService(Parts parts) : parts_(std::move(parts)) {}

  grpc::ServerUnaryReactor* Load(grpc::CallbackServerContext* context, const proto::LoadRequest* request,
                                 proto::LoadResponse* response) override;
  grpc::ServerUnaryReactor* Unload(grpc::CallbackServerContext* context, const proto::UnloadRequest* request,
                                   proto::UnloadResponse* response) override;
  grpc::ServerUnaryReactor* Invoke(grpc::CallbackServerContext* context, const proto::InvokeRequest* request,
                                   proto::InvokeResponse* response) override;
  grpc::ServerUnaryReactor* Stats(grpc::CallbackServerContext* context, const proto::StatsRequest* request,
                                  proto::StatsResponse* response) override;

 private:
  Result<ProgramPtr> program_of(const proto::Program& program);
  Result<JobPtr> job_of(const grpc::CallbackServerContext& context, const proto::InvokeRequest& request);

  const Parts parts_;
};

}  // namespace faisca::agent
