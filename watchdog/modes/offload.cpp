#include "watchdog/modes/offload.h"

#include <utility>

#include "lib/base/files.h"
#include "lib/base/log.h"
#include "lib/bpf/object.h"
#include "lib/bpf/verifier.h"
#include "watchdog/offload/answer.h"

namespace faisca::watchdog {
namespace {

constexpr Duration kFirstProbes = std::chrono::milliseconds(100);
constexpr Duration kProbes = std::chrono::seconds(1);
constexpr Duration kProbeTimeout = std::chrono::seconds(2);

bool own_error(Code code) {
  return code != Code::kInternal && code != Code::kOutOfRange && code != Code::kDeadlineExceeded;
}

}  // namespace

class OffloadInvocation final : public Invocation, public std::enable_shared_from_this<OffloadInvocation> {
 public:
  OffloadInvocation(OffloadMode& mode, const Request& request, Exchange& exchange)
      : mode_(mode),
        exchange_(&exchange),
        timeout_(invocation_timeout(mode.settings_.exec_timeout, request.head)) {
    if (request.framing.kind == http::BodyKind::kLength) body_.reserve(request.framing.length);
  }

  Flow on_body(std::string_view data) override {
    body_ += data;
    return Flow::kMore;
  }

  void on_body_end() override {
    // The reactor outlives the client, and the client its callbacks.
    call_ = mode_.client_->invoke(
        std::move(body_), mode_.settings_.budget, timeout_,
        [self = shared_from_this(), &reactor = mode_.reactor_](Result<AgentAnswer> answer) {
          reactor.post([self, answer = std::move(answer)] { self->answered(answer); });
        });
  }

  void cancel() override {
    exchange_ = nullptr;
    if (call_) {
      call_->cancel();
    } else {
      end();
    }
  }

 private:
  void answered(const Result<AgentAnswer>& answer) {
    if (Exchange* exchange = std::exchange(exchange_, nullptr)) respond(*exchange, answer);
    end();
  }

  void respond(Exchange& exchange, const Result<AgentAnswer>& answer) {
    const OffloadSettings& settings = mode_.settings_;
    if (!answer) return respond_error(exchange, answer.error(), "");
    const std::string headers = answer_headers(settings.program.convention, *answer);
    const Result<std::string> body = answer_body(settings.output, settings.program.convention, *answer);
    if (!body) return respond_error(exchange, body.error(), headers);
    const bool text = settings.output != api::OffloadOutput::kMemory;
    exchange.respond({.content_type = text ? "text/plain" : "application/octet-stream",
                      .headers = headers,
                      .body = *body});
  }

  void respond_error(Exchange& exchange, const Error& error, std::string headers) {
    if (own_error(error.code)) headers += kInternalHeader;
    mode_.log_.line("error: ", error.text());
    const std::string body = error.text() + "\n";
    exchange.respond({.status = http_status(error.code), .headers = headers, .body = body});
  }

  void end() { mode_.invocations_.erase(shared_from_this()); }

  OffloadMode& mode_;
  Exchange* exchange_;  // null when answered or cancelled
  const Duration timeout_;
  std::string body_;
  std::shared_ptr<AgentClient::Call> call_;
};

OffloadMode::OffloadMode(Reactor& reactor, const OffloadSettings& settings, FunctionLog& log)
    : reactor_(reactor),
      settings_(settings),
      log_(log),
      timer_(reactor, *this, 0),
      client_(std::make_unique<AgentClient>(settings.agent, settings.program)) {
  timer_.set(reactor.now());
}

OffloadMode::~OffloadMode() = default;

Invocation* OffloadMode::begin(const Request& request, Exchange& exchange) {
  auto invocation = std::make_shared<OffloadInvocation>(*this, request, exchange);
  invocations_.insert(invocation);
  return invocation.get();
}

void OffloadMode::on_event(int, uint32_t) {
  client_->probe(kProbeTimeout, [this, &reactor = reactor_](const Status& status) {
    reactor.post([this, status] { probed(status); });
  });
}

void OffloadMode::probed(Status status) {
  if (status && !ready_) log_info("the offload agent has the program", {{"agent", settings_.agent}});
  if (!status && (ready_ || ready_.error().message != status.error().message))
    log_warning("not ready", {{"error", status.error()}});
  ready_ = std::move(status);
  timer_.set_after(ready_ ? kProbes : kFirstProbes);
}

Result<std::string> load_checked_object(const std::string& path, const std::string& entry,
                                        api::Convention convention, uint64_t budget) {
  auto object = read_file(path, bpf::kMaxObjectBytes).map_error(while_doing("reading the eBPF object"));
  if (!object) return object;
  bpf::LinkOptions options;
  options.program = entry;
  options.convention = convention == api::Convention::kXdp ? bpf::Convention::kXdp : bpf::Convention::kMem;
  options.limits.budget = budget;
  const std::span bytes(reinterpret_cast<const uint8_t*>(object->data()), object->size());
  auto program = bpf::load_program(bytes, options).map_error(while_doing("loading " + path));
  if (!program) return fail(std::move(program).error());
  if (const Status status =
          bpf::verify(*program, {.limits = options.limits}).map_error(while_doing("verifying " + path));
      !status)
    return fail(status.error());
  return object;
}

}  // namespace faisca::watchdog
