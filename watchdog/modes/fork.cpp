#include "watchdog/modes/fork.h"

#include <cstdio>
#include <utility>

namespace faisca::watchdog {
namespace {

constexpr size_t kStartBytes = 64 * 1024;     // of the body, before the process starts without the rest
constexpr size_t kWaitingInput = 256 * 1024;  // for the handler to read, before the client has to wait
constexpr size_t kStderrTail = 4096;          // in the answer of a handler that failed
constexpr size_t kKeepBytes = 64 * 1024;      // larger buffers are freed after use

int status_of(const Error& error) {
  switch (error.code) {
    case Code::kResourceExhausted:
      return 503;
    case Code::kOutOfRange:
      return 431;  // headers become the environment, which has a limit
    default:
      return 500;
  }
}

void reuse(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > kKeepBytes) buffer.shrink_to_fit();
}

}  // namespace

// One request and its process.
class ForkInvocation final : public Invocation, public ProcessRun::Listener, public EventTarget {
 public:
  explicit ForkInvocation(ForkMode& mode)
      : mode_(mode),
        environment_(mode.settings_.environment),
        run_(mode.reactor_, mode.known_, mode.pipes_, *this),
        deadline_(mode.reactor_, *this, 0),
        stderr_lines_(mode.log_, mode.settings_.prefix_logs ? "stderr: " : "", mode.settings_.max_log_line) {}

  void begin(const Request& request, Exchange& exchange) {
    exchange_ = &exchange;
    started_ = streaming_ = body_paused_ = false;
    written_ = 0;
    if (mode_.settings_.cgi_headers) environment_.set_request(request.head, request.framing);
    timeout_ = invocation_timeout(mode_.settings_.exec_timeout, request.head);
    content_type_ = mode_.settings_.content_type;
    if (content_type_.empty()) content_type_ = request.head.value(http::Field::kContentType);
    if (content_type_.empty()) content_type_ = "text/plain";
  }

  Flow on_body(std::string_view data) override {
    if (!started_) {
      body_ += data;
      if (body_.size() >= kStartBytes) start(ProcessRun::Input::kMoreFollows);
      return Flow::kMore;
    }
    run_.feed(data);
    body_paused_ = exchange_ && run_.waiting_input() > kWaitingInput;
    return body_paused_ ? Flow::kPause : Flow::kMore;
  }

  void on_body_end() override {
    if (!started_) return start(ProcessRun::Input::kWhole);
    run_.end_input();
  }

  void on_writable() override { run_.resume_output(); }

  void cancel() override {
    exchange_ = nullptr;
    if (run_.running()) return run_.kill();
    end();
  }

 private:
  void start(ProcessRun::Input more) {
    started_ = true;
    const ForkSettings& settings = mode_.settings_;
    process_started_ = std::chrono::steady_clock::now();
    mode_.log_.line("Forking fprocess.");
    const ProcessRun::Program program = {.path = settings.arguments[0].c_str(),
                                         .arguments = mode_.arguments_.data(),
                                         .environment = environment_.pointers(),
                                         .stderr_to = settings.stderr_to};
    const Status begun = run_.start(program, body_, more);
    reuse(body_);
    if (begun) return deadline_.set_after(timeout_);
    const std::string text = begun.error().text() + "\n";
    mode_.log_.line("error: ", begun.error().text());
    std::exchange(exchange_, nullptr)
        ->respond({.status = status_of(begun.error()), .headers = kInternalHeader, .body = text});
    end();
  }

  void on_event(int, uint32_t) override {  // the deadline
    mode_.log_.line("Killed process: it ran longer than its time-out.");
    Exchange* exchange = std::exchange(exchange_, nullptr);
    if (exchange && streaming_)
      exchange->abort();
    else if (exchange)
      exchange->respond({.status = 408, .headers = kInternalHeader, .body = "Killed process.\n"});
    run_.kill();
  }

  bool on_stdout(std::string_view data) override {
    written_ += data.size();
    if (!exchange_) return true;
    if (!streaming_) {
      output_ += data;
      if (output_.size() <= mode_.settings_.buffer_output) return true;
      streaming_ = true;
      exchange_->start({.content_type = content_type_});
      data = output_;
    }
    const bool more = !exchange_ || exchange_->write(data) == Flow::kMore;
    if (!output_.empty()) reuse(output_);
    return more || !exchange_;
  }

  void on_stderr(std::string_view data) override {
    stderr_lines_.feed(data);
    stderr_tail_ += data;
    if (stderr_tail_.size() > 2 * kStderrTail) stderr_tail_.erase(0, stderr_tail_.size() - kStderrTail);
  }

  void on_input_taken() override {
    if (std::exchange(body_paused_, false) && exchange_) exchange_->resume_body();
  }

  void on_end(process::Exit exit) override {
    deadline_.clear();
    const auto ended = std::chrono::steady_clock::now();
    if (Exchange* exchange = std::exchange(exchange_, nullptr)) answer(*exchange, exit);
    if (mode_.settings_.stderr_to == Stderr::kSeparate) stderr_lines_.end();
    char line[96];
    const double seconds = std::chrono::duration<double>(ended - process_started_).count();
    const int size =
        std::snprintf(line, sizeof line, "Wrote %zu Bytes - Duration: %f seconds", written_, seconds);
    mode_.log_.line({line, static_cast<size_t>(size)});
    if (!exit.success()) mode_.log_.line("error: the handler ", exit.text());
    end();
  }

  void answer(Exchange& exchange, process::Exit exit) {
    if (exit.success())
      return streaming_ ? exchange.finish()
                        : exchange.respond({.content_type = content_type_, .body = output_});
    if (streaming_) return exchange.abort();
    std::string text = "the handler " + exit.text() + "\n" + output_;
    if (!stderr_tail_.empty()) {
      if (text.back() != '\n') text += '\n';
      text += std::string_view(stderr_tail_)
                  .substr(stderr_tail_.size() - std::min(stderr_tail_.size(), kStderrTail));
    }
    exchange.respond({.status = 500, .body = text});
  }

  void end() {
    reuse(body_);
    reuse(output_);
    stderr_tail_.clear();
    mode_.recycle(*this);
  }

  ForkMode& mode_;
  HandlerEnvironment environment_;
  ProcessRun run_;
  Timer deadline_;
  LineSplitter stderr_lines_;

  Exchange* exchange_ = nullptr;  // null when answered or cancelled
  bool started_ = false;
  bool streaming_ = false;
  bool body_paused_ = false;
  Duration timeout_{};
  SteadyTime process_started_{};
  std::string content_type_;
  std::string body_;    // before the process starts
  std::string output_;  // before it streams
  std::string stderr_tail_;
  size_t written_ = 0;
};

ForkMode::ForkMode(Reactor& reactor, const ForkSettings& settings, KnownChildren& known, FunctionLog& log)
    : reactor_(reactor), settings_(settings), known_(known), log_(log) {
  for (const std::string& word : settings.arguments) arguments_.push_back(const_cast<char*>(word.c_str()));
  arguments_.push_back(nullptr);
}

ForkMode::~ForkMode() = default;

Invocation* ForkMode::begin(const Request& request, Exchange& exchange) {
  if (free_.empty()) {
    all_.push_back(std::make_unique<ForkInvocation>(*this));
    free_.push_back(all_.back().get());
  }
  ForkInvocation* invocation = free_.back();
  free_.pop_back();
  invocation->begin(request, exchange);
  return invocation;
}

void ForkMode::recycle(ForkInvocation& invocation) { free_.push_back(&invocation); }

}  // namespace faisca::watchdog
