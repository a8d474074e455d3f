#include "watchdog/function_app.h"

namespace faisca::watchdog {
namespace {

// Of the classic watchdog.
bool method_allowed(Method method) {
  switch (method) {
    case Method::kGet:
    case Method::kPost:
    case Method::kPut:
    case Method::kPatch:
    case Method::kDelete:
      return true;
    default:
      return false;
  }
}

}  // namespace

Invocation* FunctionApp::begin(const Request& request, Exchange& exchange) {
  if (request.head.path.starts_with("/_/")) {
    if (request.head.path == "/_/health") {
      health(request, exchange);
      return nullptr;
    }
    if (request.head.path == "/_/ready") {
      ready(exchange);
      return nullptr;
    }
  }
  if (!method_allowed(request.method)) {
    refuse(request, exchange,
           {.status = 405,
            .headers = "Allow: GET, POST, PUT, PATCH, DELETE\r\n",
            .body = "functions take GET, POST, PUT, PATCH and DELETE\n"});
    return nullptr;
  }
  if (!gate_.enter()) {
    const std::string text = "the instance already runs " + std::to_string(gate_.limit()) +
                             " requests, its limit (max_inflight)\n";
    refuse(request, exchange,
           {.status = 429,
            .headers = "X-OpenFaaS-Internal: faisca-watchdog\r\nRetry-After: 1\r\n",
            .body = text});
    return nullptr;
  }
  return mode_.begin(request, exchange);
}

void FunctionApp::ended(const Ended& ended) {
  gate_.leave();
  metrics_.record(ended.method, ended.status, ended.duration);
}

void FunctionApp::refuse(const Request& request, Exchange& exchange, const Response& response) {
  metrics_.record(request.method, response.status, Duration::zero());
  exchange.respond(response);
}

void FunctionApp::health(const Request& request, Exchange& exchange) {
  if (request.method != Method::kGet)
    return exchange.respond({.status = 405, .headers = "Allow: GET\r\n", .body = "GET /_/health\n"});
  if (!gate_.healthy()) return exchange.respond({.status = 503, .body = "shutting down\n"});
  if (!lock_.exists()) return exchange.respond({.status = 503, .body = "the lock file is missing\n"});
  exchange.respond({.body = "OK"});
}

void FunctionApp::ready(Exchange& exchange) {
  if (!gate_.healthy()) return exchange.respond({.status = 503, .body = "shutting down\n"});
  if (!lock_.exists()) return exchange.respond({.status = 503, .body = "the lock file is missing\n"});
  if (gate_.full())
    return exchange.respond(
        {.status = 429, .body = "as many requests as allowed are in progress (max_inflight)\n"});
  if (const Status status = mode_.ready(); !status) {
    const std::string text = status.error().text() + "\n";
    return exchange.respond({.status = 503, .body = text});
  }
  exchange.respond({.body = "OK"});
}

Invocation* MetricsApp::begin(const Request& request, Exchange& exchange) {
  if (request.head.path != "/metrics") {
    exchange.respond({.status = 404, .body = "only /metrics is here\n"});
  } else if (request.method != Method::kGet && request.method != Method::kHead) {
    exchange.respond({.status = 405, .headers = "Allow: GET\r\n", .body = "GET /metrics\n"});
  } else {
    const std::string text = metrics_.text();
    exchange.respond({.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = text});
  }
  return nullptr;
}

}  // namespace faisca::watchdog
