#include <grpcpp/grpcpp.h>

#include <chrono>

#include "api/proto/offload.grpc.pb.h"
#include "deviceplugin/agent/agent.h"

namespace faisca::deviceplugin {
namespace {

namespace rpc = faisca::offload::v1alpha1;

constexpr std::chrono::seconds kStateTimeout{2};
constexpr std::chrono::seconds kLoadTimeout{10};

class GrpcAgent final : public Agent {
 public:
  explicit GrpcAgent(const std::string& address) : address_(address) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    // On this machine: when it comes back, so do we, at once.
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
    stub_ = rpc::Offload::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }

  Result<AgentState> state() override {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kStateTimeout);
    rpc::StatsResponse answer;
    FAISCA_CHECK_OK(checked(stub_->Stats(&context, {}, &answer)));
    AgentState state{.instance = answer.instance(),
                     .device = answer.device(),
                     .engines = answer.engines(),
                     .threads = answer.threads(),
                     .instructions = answer.program_slots(),
                     .data_bytes = answer.data_bytes(),
                     .memory_bytes = answer.memory_bytes(),
                     .clock_hz = answer.clock_hz(),
                     .programs = {answer.programs().begin(), answer.programs().end()},
                     .queued = answer.queued(),
                     .loads = answer.loads()};
    for (const rpc::Port& port : answer.ports()) state.ports.push_back(static_cast<int>(port.index()));
    for (const rpc::FunctionStats& row : answer.functions())
      state.counters.push_back({row.program_id(), row.function(), row.invocations(), row.failures(),
                                row.instructions(), row.cycles()});
    return state;
  }

  Result<std::string> load(const ProgramToLoad& program) override {
    rpc::LoadRequest request;
    request.mutable_program()->set_object(program.object);
    request.mutable_program()->set_entry(program.entry);
    request.mutable_program()->set_function(program.function);
    request.mutable_program()->set_convention(
        program.convention == api::Convention::kXdp ? rpc::CONVENTION_XDP : rpc::CONVENTION_MEM);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kLoadTimeout);
    rpc::LoadResponse answer;
    FAISCA_CHECK_OK(checked(stub_->Load(&context, request, &answer)));
    return answer.program_id();
  }

  Status unload(const std::string& program_id) override {
    rpc::UnloadRequest request;
    request.set_program_id(program_id);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kStateTimeout);
    rpc::UnloadResponse answer;
    return checked(stub_->Unload(&context, request, &answer));
  }

 private:
  Status checked(const grpc::Status& status) const {
    if (status.ok()) return {};
    const Code code = static_cast<Code>(status.error_code());
    if (code == Code::kUnavailable || code == Code::kDeadlineExceeded)
      return fail(code, "the agent at " + address_ + " does not answer: " + status.error_message(),
                  "is faisca-agent running, with this address as its --listen?");
    return fail(code, status.error_message());
  }

  const std::string address_;
  std::unique_ptr<rpc::Offload::Stub> stub_;
};

}  // namespace

std::unique_ptr<Agent> make_grpc_agent(const std::string& address) {
  return std::make_unique<GrpcAgent>(address);
}

}  // namespace faisca::deviceplugin
