#include "watchdog/offload/agent_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <condition_variable>
#include <mutex>
#include <set>

#include "api/proto/offload.grpc.pb.h"

namespace faisca::watchdog {
namespace {

namespace rpc = faisca::offload::v1alpha1;

std::shared_ptr<grpc::Channel> make_channel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  // The agent is on this machine: when it comes back, so do we, at once.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

void set_deadline(grpc::ClientContext& context, Duration timeout) {
  if (timeout > Duration::zero())
    context.set_deadline(std::chrono::time_point_cast<std::chrono::system_clock::duration>(
        std::chrono::system_clock::now() + timeout));
}

}  // namespace

struct AgentLink {
  AgentLink(std::string agent, AgentProgram what)
      : address(std::move(agent)), stub(rpc::Offload::NewStub(make_channel(address))) {
    program.set_object(std::move(what.object));
    program.set_entry(std::move(what.entry));
    program.set_function(std::move(what.function));
    program.set_convention(what.convention == api::Convention::kXdp ? rpc::CONVENTION_XDP
                                                                    : rpc::CONVENTION_MEM);
  }

  Error error_of(const grpc::Status& status) const {
    Error error{static_cast<Code>(status.error_code()), status.error_message(), "", {}};
    // gRPC's own when nobody listens, or the agent's when it has no device: the message says which.
    if (error.code == Code::kUnavailable)
      error = {Code::kUnavailable,
               "the offload agent at " + address + " is unavailable: " + status.error_message(),
               "is faisca-agent running, with this address as its --listen?",
               {}};
    if (error.code == Code::kDeadlineExceeded && error.message == "Deadline Exceeded")
      error.message = "the offload agent did not answer within the time-out";
    return error;
  }

  std::string id() {
    std::lock_guard lock(mutex);
    return program_id;
  }
  void set_id(const std::string& id) {
    std::lock_guard lock(mutex);
    program_id = id;
  }
  // Only if nobody has learnt a new one meanwhile.
  void forget_id(const std::string& id) {
    std::lock_guard lock(mutex);
    if (program_id == id) program_id.clear();
  }

  const std::string address;
  const std::unique_ptr<rpc::Offload::Stub> stub;
  rpc::Program program;

  std::mutex mutex;
  std::condition_variable idle;
  std::string program_id;  // guarded by mutex; empty: not loaded, as far as we know
  std::set<std::shared_ptr<AgentClient::Call>> in_progress;  // guarded by mutex
  bool closing = false;                                      // guarded by mutex
};

namespace {

// What invocations and probes share: one RPC at a time, counted in the AgentLink while it lasts.
template <class Request, class Response>
class RpcCall : public AgentClient::Call, public std::enable_shared_from_this<RpcCall<Request, Response>> {
 public:
  void cancel() override {
    std::shared_ptr<grpc::ClientContext> context;
    {
      std::lock_guard lock(mutex_);
      cancelled_ = true;
      context = context_;
    }
    // Without the lock: gRPC may call back at once, on this thread.
    if (context) context->TryCancel();
  }

 protected:
  // A context serves one RPC.
  grpc::ClientContext& renew(Duration timeout) {
    std::lock_guard lock(mutex_);
    context_ = std::make_shared<grpc::ClientContext>();
    set_deadline(*context_, timeout);
    if (cancelled_) context_->TryCancel();
    return *context_;
  }

  Request request_;
  Response response_;

 private:
  std::mutex mutex_;
  std::shared_ptr<grpc::ClientContext> context_;  // guarded by mutex_
  bool cancelled_ = false;                        // guarded by mutex_
};

bool enter(AgentLink& link, std::shared_ptr<AgentClient::Call> call) {
  std::lock_guard lock(link.mutex);
  if (link.closing) return false;
  link.in_progress.insert(std::move(call));
  return true;
}

void leave(AgentLink& link, const std::shared_ptr<AgentClient::Call>& call) {
  std::lock_guard lock(link.mutex);
  link.in_progress.erase(call);
  link.idle.notify_all();
}

class Invoke final : public RpcCall<rpc::InvokeRequest, rpc::InvokeResponse> {
 public:
  Invoke(std::shared_ptr<AgentLink> link, std::string memory, uint64_t budget, Duration timeout,
         AgentClient::Done done)
      : link_(std::move(link)),
        give_up_(std::chrono::steady_clock::now() + timeout),
        timeout_(timeout),
        done_(std::move(done)) {
    request_.set_memory(std::move(memory));
    request_.set_budget(budget);
  }

  void send() {
    used_id_ = link_->id();
    if (used_id_.empty()) {
      *request_.mutable_program() = link_->program;
    } else {
      request_.set_program_id(used_id_);
    }
    const Duration left =
        timeout_ > Duration::zero()
            ? std::max<Duration>(give_up_ - std::chrono::steady_clock::now(), std::chrono::nanoseconds(1))
            : Duration::zero();
    link_->stub->async()->Invoke(
        &renew(left), &request_, &response_,
        [self = this->shared_from_this(), this](const grpc::Status& status) { answered(status); });
  }

 private:
  void answered(const grpc::Status& status) {
    if (status.error_code() == grpc::StatusCode::NOT_FOUND && !used_id_.empty()) {
      link_->forget_id(used_id_);
      return send();
    }
    if (!status.ok()) {
      finish(fail(link_->error_of(status)));
      return;
    }
    if (used_id_.empty()) link_->set_id(response_.program_id());
    finish(AgentAnswer{response_.r0(), std::move(*response_.mutable_memory()), response_.instructions(),
                       response_.cycles()});
  }

  void finish(Result<AgentAnswer> result) {
    done_(std::move(result));
    done_ = nullptr;
    leave(*link_, this->shared_from_this());
  }

  const std::shared_ptr<AgentLink> link_;
  const SteadyTime give_up_;
  const Duration timeout_;
  AgentClient::Done done_;
  std::string used_id_;
};

class LoadProbe final : public RpcCall<rpc::LoadRequest, rpc::LoadResponse> {
 public:
  LoadProbe(std::shared_ptr<AgentLink> link, std::function<void(Status)> done)
      : link_(std::move(link)), done_(std::move(done)) {
    *request_.mutable_program() = link_->program;
  }

  void send(Duration timeout) {
    link_->stub->async()->Load(&renew(timeout), &request_, &response_,
                               [self = this->shared_from_this(), this](const grpc::Status& status) {
                                 if (status.ok()) link_->set_id(response_.program_id());
                                 done_(status.ok() ? Status() : Status(fail(link_->error_of(status))));
                                 done_ = nullptr;
                                 leave(*link_, this->shared_from_this());
                               });
  }

 private:
  const std::shared_ptr<AgentLink> link_;
  std::function<void(Status)> done_;
};

Error closing() { return {Code::kUnavailable, "the instance is shutting down", "", {}}; }

}  // namespace

AgentClient::AgentClient(const std::string& address, AgentProgram program)
    : link_(std::make_shared<AgentLink>(address, std::move(program))) {}

AgentClient::~AgentClient() {
  std::unique_lock lock(link_->mutex);
  link_->closing = true;
  const auto calls = link_->in_progress;
  lock.unlock();
  for (const auto& call : calls) call->cancel();
  lock.lock();
  link_->idle.wait(lock, [&] { return link_->in_progress.empty(); });
}

std::shared_ptr<AgentClient::Call> AgentClient::invoke(std::string memory, uint64_t budget, Duration timeout,
                                                       Done done) {
  auto call = std::make_shared<Invoke>(link_, std::move(memory), budget, timeout, std::move(done));
  if (enter(*link_, call)) {
    call->send();
  } else {
    done(fail(closing()));
  }
  return call;
}

std::shared_ptr<AgentClient::Call> AgentClient::probe(Duration timeout, std::function<void(Status)> done) {
  auto call = std::make_shared<LoadProbe>(link_, std::move(done));
  if (enter(*link_, call)) {
    call->send(timeout);
  } else {
    done(fail(closing()));
  }
  return call;
}

}  // namespace faisca::watchdog
