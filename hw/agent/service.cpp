#include "hw/agent/service.h"

#include <chrono>
#include <limits>
#include <string>
#include <utility>

namespace faisca::agent {
namespace {

constexpr char kDeviceName[] = "/0";                  // one device per agent for now
constexpr std::uint64_t kAssumedHertz = 200'000'000;  // the clock that all figures of the simulation assume

grpc::Status to_grpc(const Error& error) { return {static_cast<grpc::StatusCode>(error.code), error.text()}; }

// The caller's deadline, which gRPC gives in wall time, on the clock that does not jump.
SteadyTime steady_deadline(std::chrono::system_clock::time_point deadline, const Clock& clock) {
  // Beyond a year there is none; the sum below would overflow.
  const auto left = deadline - clock.wall();
  if (left > std::chrono::hours(24 * 365)) return SteadyTime::max();
  return clock.now() + std::chrono::duration_cast<Duration>(left);
}

// Lives until gRPC has sent the answer and reported every event of the call.
class InvokeReactor final : public grpc::ServerUnaryReactor {
 public:
  InvokeReactor(Queue& queue, proto::InvokeResponse* response) : queue_(queue), response_(response) {}

  void start(JobPtr job) {
    job_ = std::move(job);
    // Not a reference to the job: the queue, and then the runner, own it until it has finished.
    job_->finish = [this](Result<Outcome> outcome) { answer(std::move(outcome)); };
    if (Status added = queue_.add(job_); !added) Finish(to_grpc(added.error()));
  }

  void OnCancel() override {
    if (job_) queue_.cancel(job_);
  }
  void OnDone() override { delete this; }

 private:
  void answer(Result<Outcome> outcome) {
    if (!outcome) return Finish(to_grpc(outcome.error()));
    response_->set_r0(outcome->r0);
    response_->set_memory(std::move(outcome->memory));
    response_->set_instructions(outcome->instructions);
    response_->set_cycles(outcome->cycles);
    response_->set_program_id(job_->program->id);
    Finish(grpc::Status::OK);
  }

  Queue& queue_;
  proto::InvokeResponse* response_;
  JobPtr job_;
};

}  // namespace

Result<ProgramPtr> OffloadService::program_of(const proto::Program& program) {
  std::optional<bpf::Convention> convention;
  switch (program.convention()) {
    case proto::CONVENTION_UNSPECIFIED:
      break;
    case proto::CONVENTION_MEM:
      convention = bpf::Convention::kMem;
      break;
    case proto::CONVENTION_XDP:
      convention = bpf::Convention::kXdp;
      break;
    default:
      return fail(Code::kInvalidArgument,
                  "convention " + std::to_string(program.convention()) + " is not known",
                  "use CONVENTION_MEM (1) or CONVENTION_XDP (2)");
  }
  return parts_.store.add({.object = program.object(),
                           .entry = program.entry(),
                           .convention = convention,
                           .function = program.function()});
}

Result<JobPtr> OffloadService::job_of(const grpc::CallbackServerContext& context,
                                      const proto::InvokeRequest& request) {
  Result<ProgramPtr> program;
  switch (request.what_case()) {
    case proto::InvokeRequest::kProgramId:
      program = parts_.store.find(request.program_id());
      break;
    case proto::InvokeRequest::kProgram:
      program = program_of(request.program());
      break;
    case proto::InvokeRequest::WHAT_NOT_SET:
      return fail(Code::kInvalidArgument, "the request names no program", "set program_id or program");
  }
  if (!program) return fail(std::move(program).error());
  FAISCA_CHECK_OK(check_memory(parts_.device, (*program)->program.convention, request.memory().size()));
  constexpr auto kMaxBudget = std::numeric_limits<std::uint32_t>::max();
  if (request.budget() > kMaxBudget)
    return fail(Code::kOutOfRange,
                "a budget of " + std::to_string(request.budget()) +
                    " instructions is larger than the device's " + std::to_string(kMaxBudget),
                "lower spec.offload.budget");

  auto job = std::make_shared<Job>();
  job->program = *std::move(program);
  job->input.memory = request.memory();
  job->input.budget = request.budget() ? static_cast<std::uint32_t>(request.budget()) : parts_.default_budget;
  job->input.reply = request.omit_memory() ? MemoryReply::kOmit : MemoryReply::kReturn;
  job->deadline = steady_deadline(context.deadline(), parts_.clock);
  return job;
}

grpc::ServerUnaryReactor* OffloadService::Load(grpc::CallbackServerContext* context,
                                               const proto::LoadRequest* request,
                                               proto::LoadResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto program = program_of(request->program());
  if (!program) {
    reactor->Finish(to_grpc(program.error()));
    return reactor;
  }
  response->set_program_id((*program)->id);
  response->set_instructions(static_cast<std::uint32_t>((*program)->program.slots.size()));
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerUnaryReactor* OffloadService::Unload(grpc::CallbackServerContext* context,
                                                 const proto::UnloadRequest* request,
                                                 proto::UnloadResponse*) {
  parts_.store.remove(request->program_id());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

grpc::ServerUnaryReactor* OffloadService::Invoke(grpc::CallbackServerContext* context,
                                                 const proto::InvokeRequest* request,
                                                 proto::InvokeResponse* response) {
  auto job = job_of(*context, *request);
  if (!job) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(to_grpc(job.error()));
    return reactor;
  }
  auto* reactor = new InvokeReactor(parts_.queue, response);
  reactor->start(*std::move(job));
  return reactor;
}

grpc::ServerUnaryReactor* OffloadService::Stats(grpc::CallbackServerContext* context,
                                                const proto::StatsRequest*, proto::StatsResponse* response) {
  response->set_device(parts_.device.kind + kDeviceName);
  response->set_engines(parts_.device.engines);
  response->set_threads(parts_.device.threads);
  response->set_memory_bytes(parts_.device.memory_bytes);
  response->set_clock_hz(kAssumedHertz);
  response->set_queued(parts_.queue.size());
  response->set_loads(parts_.runner.loads());
  response->set_instance(parts_.instance);
  response->set_program_slots(parts_.device.program_slots);
  response->set_data_bytes(parts_.device.data_bytes);
  for (std::string& id : parts_.store.ids()) response->add_programs(std::move(id));
  for (const ProgramCounters& row : parts_.stats.all()) {
    proto::FunctionStats* function = response->add_functions();
    function->set_function(row.function);
    function->set_program_id(row.program_id);
    function->set_invocations(row.invocations);
    function->set_failures(row.failures);
    function->set_instructions(row.instructions);
    function->set_cycles(row.cycles);
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

}  // namespace faisca::agent
