#include "lib/kube/rest_client.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

#include "lib/base/backoff.h"
#include "lib/kube/answer.h"
#include "lib/kube/api_error.h"
#include "lib/kube/credentials.h"
#include "lib/kube/lines.h"
#include "lib/kube/rate_limit.h"
#include "lib/kube/retry.h"
#include "lib/kube/tls.h"

namespace faisca::kube {
namespace {

using std::chrono::milliseconds;

std::string method_of(Verb verb) {
  switch (verb) {
    case Verb::kGet:
    case Verb::kList:
      return "GET";
    case Verb::kCreate:
      return "POST";
    case Verb::kUpdate:
      return "PUT";
    case Verb::kApply:
    case Verb::kMergePatch:
      return "PATCH";
    case Verb::kDelete:
      return "DELETE";
  }
  return "";
}

std::string content_type_of(Verb verb) {
  if (verb == Verb::kApply) return "application/apply-patch+yaml";  // JSON is YAML
  if (verb == Verb::kMergePatch) return "application/merge-patch+json";
  return "application/json";
}

Status sleep_for(Duration wait, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, wait, [] { return false; });
  if (stop.stop_requested()) return fail(Code::kCancelled, "stopped");
  return {};
}

bool is_write(Verb verb) { return verb != Verb::kGet && verb != Verb::kList; }

}  // namespace

struct RestClient::Parts {
  Parts(Config config, RestSettings settings)
      : config(std::move(config)),
        settings(settings),
        credentials(this->config.token, this->config.exec, clock),
        limit(settings.requests_per_second, settings.burst) {}

  const Config config;
  const RestSettings settings;
  RealClock clock;
  Credentials credentials;
  std::unique_ptr<Transport> transport;
  std::mutex limit_mutex;
  RateLimit limit;  // guarded by limit_mutex
  std::atomic<uint64_t> requests{0}, writes{0}, retries{0}, waits{0};

  Result<HttpCall> call_for(const Request& request);
  Status wait_for_turn(SteadyTime deadline, const std::stop_token& stop);
  Result<HttpAnswer> try_until_answered(const Request& request);
};

Result<HttpCall> RestClient::Parts::call_for(const Request& request) {
  HttpCall call{.method = method_of(request.verb), .target = request.path()};
  FAISCA_TRY(authorization, credentials.authorization());
  call.authorization = std::move(authorization);
  call.body = request.body;
  if (!request.body.empty()) call.content_type = content_type_of(request.verb);
  call.timeout = request.timeout;
  call.stop = request.stop;
  return call;
}

Status RestClient::Parts::wait_for_turn(SteadyTime deadline, const std::stop_token& stop) {
  Duration wait;
  {
    std::lock_guard lock(limit_mutex);
    wait = limit.reserve(clock.now());
  }
  if (wait <= Duration(0)) return {};
  ++waits;
  if (clock.now() + wait > deadline)
    return fail(Code::kResourceExhausted, "too many requests wait for their turn at the API server",
                "raise the client's requests per second");
  return sleep_for(wait, stop);
}

// One request, sent again where retry.h says so. An answer of any status is a result.
Result<HttpAnswer> RestClient::Parts::try_until_answered(const Request& request) {
  const SteadyTime deadline = clock.now() + request.timeout;
  Backoff backoff({.first = milliseconds(100), .longest = milliseconds(5'000)});
  bool renewed = false;
  std::optional<Error> before;  // why the last try had no answer
  for (int tries = 1;; ++tries) {
    FAISCA_CHECK_OK(wait_for_turn(deadline, request.stop));
    FAISCA_TRY(call, call_for(request));
    call.timeout =
        std::max(milliseconds(1), std::chrono::duration_cast<milliseconds>(deadline - clock.now()));
    ++requests;
    if (is_write(request.verb)) ++writes;
    auto answer = transport->exchange(call);
    // A try that was cut short by the deadline says less than the one before.
    if (!answer && answer.error().error.code == Code::kDeadlineExceeded && before)
      return fail(*std::move(before));
    if (answer && answer->status == 401 && !std::exchange(renewed, true) && credentials.refused()) continue;
    const Again what = answer ? again(request.verb, *answer) : again(request.verb, answer.error());
    milliseconds wait = backoff.next();
    if (what == Again::kAfter) wait = std::max(wait, milliseconds(*answer->retry_after));
    if (what == Again::kNo || tries >= settings.tries || clock.now() + wait >= deadline) {
      if (!answer) return fail(std::move(answer.error().error));
      return *std::move(answer);
    }
    ++retries;
    if (!answer) before = std::move(answer.error().error);
    FAISCA_CHECK_OK(sleep_for(wait, request.stop));
  }
}

Result<std::unique_ptr<RestClient>> RestClient::create(Config config, RestSettings settings) {
  FAISCA_CHECK_OK(check_tls(config));
  auto parts = std::make_unique<Parts>(std::move(config), settings);
  if (auto token = parts->credentials.authorization(); !token) return fail(std::move(token).error());
  FAISCA_TRY(transport, make_cpprest_transport(parts->config, settings.user_agent));
  parts->transport = std::move(transport);
  return std::unique_ptr<RestClient>(new RestClient(std::move(parts)));
}

RestClient::RestClient(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RestClient::~RestClient() = default;

Result<Json> RestClient::send(const Request& request) {
  auto answer = parts_->try_until_answered(request);
  if (!answer) return fail(while_doing(request.text())(std::move(answer).error()));
  if (answer->status < 200 || answer->status > 299)
    return fail(while_doing(request.text())(api_error(answer->status, answer->body)));
  return parse_answer(answer->body).map_error(while_doing(request.text()));
}

Status RestClient::stream(const Request& request, const LineSink& line, std::stop_token stop) {
  const auto doing = while_doing(request.text());
  auto call = parts_->call_for(request);
  if (!call) return fail(doing(std::move(call).error()));
  call->stop = stop;
  ++parts_->requests;
  LineSplitter lines;
  Status outcome;
  const auto answer = parts_->transport->stream(*call, [&](std::string_view bytes) {
    auto wants_more = lines.feed(bytes, line);
    if (!wants_more) outcome = fail(std::move(wants_more).error());
    return wants_more && *wants_more;
  });
  if (!outcome) return fail(doing(std::move(outcome).error()));
  if (!answer) return fail(doing(answer.error().error));
  if (answer->status == 401) parts_->credentials.refused();
  if (answer->status != 200) return fail(doing(api_error(answer->status, answer->body)));
  lines.finish(line);
  return {};
}

RestCounters RestClient::counters() const {
  return {parts_->requests, parts_->writes, parts_->retries, parts_->waits};
}

const std::string& RestClient::default_space() const { return parts_->config.space; }

}  // namespace faisca::kube
