#include <cpprest/http_client.h>
#include <pplx/threadpool.h>

#include <atomic>
#include <boost/asio/ssl.hpp>
#include <condition_variable>
#include <mutex>

#include "lib/kube/tls.h"
#include "lib/kube/transport.h"

namespace faisca::kube {
namespace {

namespace http = web::http;
using Answer = tl::expected<HttpAnswer, NoAnswer>;

// cpprestsdk starts forty threads otherwise. Ours never block, so two are enough for any number of watches.
void use_few_threads() {
  static std::once_flag once;
  std::call_once(once, [] {
    try {
      crossplat::threadpool::initialize_with_threads(2);
    } catch (const std::exception&) {  // somebody in this process was first
    }
  });
}

// Waits for a task from outside cpprestsdk's threads, which its own wait() cannot do with a deadline.
template <class T>
class Waiting {
 public:
  explicit Waiting(const pplx::task<T>& task) : task_(task) {
    task.then([state = state_](const pplx::task<T>&) {
      std::lock_guard lock(state->mutex);
      state->done = true;
      state->wake.notify_all();
    });
  }
  bool wait_until(SteadyTime deadline) {
    std::unique_lock lock(state_->mutex);
    return state_->wake.wait_until(lock, deadline, [&] { return state_->done; });
  }
  T get() { return task_.get(); }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable wake;
    bool done = false;  // guarded by mutex
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
  pplx::task<T> task_;
};

std::optional<std::chrono::seconds> retry_after(const http::http_response& answer) {
  const auto found = answer.headers().find("Retry-After");
  if (found == answer.headers().end()) return {};
  char* end = nullptr;
  const long seconds = std::strtol(found->second.c_str(), &end, 10);
  if (end == found->second.c_str() || seconds < 0) return {};
  return std::chrono::seconds(std::min(seconds, 60L));
}

// What every call says.
struct Names {
  std::string server;  // its URL
  std::string tls;     // the name in its certificate, if not the URL's host
  std::string agent;
};

// One call under way, with its deadline and its way to be given up.
class Call {
 public:
  Call(http::client::http_client& client, const Names& names, const HttpCall& call)
      : server_(names.server), call_(call) {
    http::http_request message(call.method);
    message.set_request_uri(web::uri(call.target));
    message.headers().add("User-Agent", names.agent);
    // cpprestsdk also asks for this name in TLS, and checks the certificate against it.
    if (!names.tls.empty()) message.headers().add("Host", names.tls);
    message.headers().add("Accept", "application/json");
    if (!call.authorization.empty()) message.headers().add("Authorization", call.authorization);
    if (!call.body.empty()) message.set_body(call.body, call.content_type);
    touch();
    head_.emplace(client.request(message, source_.get_token()));
    on_stop_.emplace(call.stop, Stop{this});
  }

  // Throws what cpprestsdk throws.
  http::http_response head() {
    wait(*head_);
    return head_->get();
  }
  template <class T>
  T get(const pplx::task<T>& task) {
    Waiting<T> waiting(task);
    wait(waiting);
    return waiting.get();
  }
  void cancel() { source_.cancel(); }
  void touch() { deadline_ = std::chrono::steady_clock::now() + call_.timeout; }

  tl::unexpected<NoAnswer> explain(const std::exception& error) const {
    const std::string what = call_.method + " " + server_ + ": ";
    if (stopped_) return none(Code::kCancelled, what + "stopped", "");
    if (late_)
      return none(Code::kDeadlineExceeded,
                  what + "no answer within " + std::to_string(call_.timeout.count()) + " ms", "");
    return none(Code::kUnavailable, what + error.what(), "", !is_before_sending(error));
  }

 private:
  // cpprestsdk has no codes for its steps, only texts. A request that could not be written to its end was not
  // executed: the server waits for the rest.
  static bool is_before_sending(const std::exception& error) {
    const std::string_view text = error.what();
    for (const std::string_view step : {"connect", "resolving", "SSL handshake", "Failed to write request"})
      if (text.find(step) != text.npos) return true;
    return false;
  }
  static tl::unexpected<NoAnswer> none(Code code, std::string message, std::string hint, bool sent = true) {
    return tl::unexpected<NoAnswer>(NoAnswer{Error{code, std::move(message), std::move(hint), {}}, sent});
  }
  template <class T>
  void wait(Waiting<T>& waiting) {
    if (waiting.wait_until(deadline_)) return;
    late_ = true;
    cancel();
    // Cancelling closes the socket, so the task ends at once; its exception is the caller's.
    waiting.wait_until(SteadyTime::max());
  }

  const std::string& server_;
  const HttpCall& call_;
  pplx::cancellation_token_source source_;
  SteadyTime deadline_;
  bool late_ = false;
  std::atomic<bool> stopped_{false};
  std::optional<Waiting<http::http_response>> head_;
  struct Stop {
    Call* call;
    void operator()() const {
      call->stopped_ = true;
      call->cancel();
    }
  };
  std::optional<std::stop_callback<Stop>> on_stop_;  // last, so that it goes first
};

class CpprestTransport final : public Transport {
 public:
  CpprestTransport(const Config& config, const http::client::http_client_config& settings, std::string agent)
      : names_{config.server, config.tls_server_name, std::move(agent)},
        client_(web::uri(config.server), settings) {}

  Answer exchange(const HttpCall& call) override {
    Call doing(client_, names_, call);
    try {
      http::http_response head = doing.head();
      return whole(doing, head);
    } catch (const std::exception& error) {
      return doing.explain(error);
    }
  }

  Answer stream(const HttpCall& call, const PieceSink& piece) override {
    Call doing(client_, names_, call);
    try {
      http::http_response head = doing.head();
      if (head.status_code() != http::status_codes::OK) return whole(doing, head);
      read(doing, head, piece);
      return HttpAnswer{.status = head.status_code()};
    } catch (const std::exception& error) {
      return doing.explain(error);
    }
  }

 private:
  static Answer whole(Call& doing, http::http_response& head) {
    const std::vector<unsigned char> bytes = doing.get(head.extract_vector());
    return HttpAnswer{head.status_code(), std::string(bytes.begin(), bytes.end()), retry_after(head)};
  }

  static void read(Call& doing, http::http_response& head, const PieceSink& piece) {
    auto buffer = head.body().streambuf();
    std::vector<uint8_t> bytes(16 * 1024);
    for (;;) {
      doing.touch();
      // Waits for one byte, then takes what is already there.
      const auto first = doing.get(buffer.bumpc());
      if (first == decltype(buffer)::traits::eof()) return;
      bytes[0] = static_cast<uint8_t>(first);
      size_t count = 1;
      if (const size_t more = std::min(buffer.in_avail(), bytes.size() - 1); more > 0)
        count += doing.get(buffer.getn(bytes.data() + 1, more));
      if (!piece({reinterpret_cast<const char*>(bytes.data()), count})) {
        doing.cancel();
        return;
      }
    }
  }

  const Names names_;
  http::client::http_client client_;
};

}  // namespace

Result<std::unique_ptr<Transport>> make_cpprest_transport(const Config& config, std::string user_agent) {
  use_few_threads();
  try {
    http::client::http_client_config settings;
    settings.set_timeout(std::chrono::minutes(10));  // our own deadlines end a call before
    settings.set_validate_certificates(!config.skip_verification);
    settings.set_ssl_context_callback([config](boost::asio::ssl::context& context) {
      if (Status ready = set_up_tls(context, config); !ready)
        throw std::runtime_error("connect: " + ready.error().text());
    });
    return std::make_unique<CpprestTransport>(config, settings, std::move(user_agent));
  } catch (const std::exception& error) {
    return fail(Code::kInvalidArgument,
                "\"" + config.server + "\" is not an API server's address: " + error.what(),
                "write it like https://10.96.0.1:443");
  }
}

}  // namespace faisca::kube
