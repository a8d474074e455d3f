#include "cli/gateway_client.h"

#include <nlohmann/json.hpp>

namespace faisca::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFunctions[] = "/system/functions";
constexpr char kYaml[] = "application/yaml";
constexpr char kJson[] = "application/json";

Code code_of_status(int status) {
  switch (status) {
    case 400:
    case 422:
      return Code::kInvalidArgument;
    case 401:
      return Code::kUnauthenticated;
    case 403:
      return Code::kPermissionDenied;
    case 404:
      return Code::kNotFound;
    case 409:
      return Code::kAlreadyExists;
    case 413:
      return Code::kOutOfRange;
    case 429:
      return Code::kResourceExhausted;
    case 501:
      return Code::kUnimplemented;
    case 502:
    case 503:
      return Code::kUnavailable;
    case 504:
      return Code::kDeadlineExceeded;
    default:
      return Code::kInternal;
  }
}

std::string text_field(const Json& object, const char* name) {
  const auto field = object.find(name);
  return field != object.end() && field->is_string() ? field->get<std::string>() : "";
}

double number_field(const Json& object, const char* name) {
  const auto field = object.find(name);
  return field != object.end() && field->is_number() ? field->get<double>() : 0;
}

tl::unexpected<Error> not_ours(const std::string& what, std::string_view body) {
  return fail(Code::kUnknown,
              what + ": the answer is not what a gateway sends: " + std::string(body.substr(0, 120)),
              "does --gateway name a Faisca gateway?");
}

FunctionView view_of(const Json& object) {
  return {.name = text_field(object, "name"),
          .image = text_field(object, "image"),
          .replicas = static_cast<int>(number_field(object, "replicas")),
          .available = static_cast<int>(number_field(object, "availableReplicas")),
          .invocations = number_field(object, "invocationCount"),
          .created_at = text_field(object, "createdAt"),
          .json = object.dump()};
}

}  // namespace

// A platform error is a JSON object with `error`, `hop` and `hint`; anything else is what the function itself
// said.
Error gateway_error(const HttpResponse& response, const std::string& what) {
  Error error{code_of_status(response.status), response.body, "", {}};
  const Json json = Json::parse(response.body, nullptr, false);
  if (json.is_object() && !text_field(json, "error").empty()) {
    error.message = text_field(json, "error");
    error.hint = text_field(json, "hint");
    if (const std::string hop = text_field(json, "hop"); !hop.empty())
      error.context.push_back("on the hop " + hop);
  }
  while (error.message.ends_with('\n') || error.message.ends_with('\r')) error.message.pop_back();
  if (error.message.empty()) error.message = "the answer was " + std::to_string(response.status);
  error.context.push_back("while " + what);
  return error;
}

Result<HttpResponse> GatewayClient::call(HttpRequest request) const {
  request.base = base_;
  return send(request);
}

Result<HttpResponse> GatewayClient::expect_success(HttpRequest request, const std::string& what) const {
  FAISCA_TRY(response, call(std::move(request)));
  if (response.status / 100 != 2) return fail(gateway_error(response, what));
  return response;
}

Result<std::vector<FunctionView>> GatewayClient::list() const {
  FAISCA_TRY(response, expect_success({.path = kFunctions}, "listing functions"));
  const Json json = Json::parse(response.body, nullptr, false);
  if (!json.is_array()) return not_ours("listing functions", response.body);
  std::vector<FunctionView> views;
  for (const Json& object : json) {
    if (!object.is_object()) return not_ours("listing functions", response.body);
    views.push_back(view_of(object));
  }
  return views;
}

Result<FunctionView> GatewayClient::get(const std::string& name) const {
  FAISCA_TRY(response, expect_success({.path = "/system/function/" + url_escape(name)}, "reading " + name));
  const Json json = Json::parse(response.body, nullptr, false);
  if (!json.is_object()) return not_ours("reading " + name, response.body);
  return view_of(json);
}

Result<GatewayClient::Applied> GatewayClient::apply(const std::string& yaml) const {
  HttpRequest request{.method = "PUT", .path = kFunctions, .body = yaml, .content_type = kYaml};
  FAISCA_TRY(updated, call(request));
  if (updated.status / 100 == 2) return Applied::kUpdated;
  if (updated.status != 404) return fail(gateway_error(updated, "deploying"));
  request.method = "POST";
  FAISCA_CHECK_OK(expect_success(request, "deploying"));
  return Applied::kCreated;
}

Status GatewayClient::remove(const std::string& name) const {
  const std::string body = Json{{"functionName", name}}.dump();
  FAISCA_CHECK_OK(expect_success(
      {.method = "DELETE", .path = kFunctions, .body = body, .content_type = kJson}, "removing " + name));
  return {};
}

Status GatewayClient::scale(const std::string& name, int replicas) const {
  const std::string body = Json{{"serviceName", name}, {"replicas", replicas}}.dump();
  FAISCA_CHECK_OK(expect_success({.method = "POST",
                                  .path = "/system/scale-function/" + url_escape(name),
                                  .body = body,
                                  .content_type = kJson},
                                 "scaling " + name));
  return {};
}

Status GatewayClient::logs(const LogRequest& request, const std::function<bool(const LogView&)>& sink) const {
  std::string path = "/system/logs?name=" + url_escape(request.function);
  if (!request.instance.empty()) path += "&instance=" + url_escape(request.instance);
  if (!request.since.empty()) path += "&since=" + url_escape(request.since);
  if (request.tail >= 0) path += "&tail=" + std::to_string(request.tail);
  const HttpRequest message{.base = base_, .path = path};

  std::string pending;  // a line whose end has not come yet
  bool wanted = true;
  const auto take = [&](std::string_view piece) {
    pending.append(piece);
    size_t end = 0;
    while (wanted && (end = pending.find('\n')) != std::string::npos) {
      const std::string line = pending.substr(0, end);
      pending.erase(0, end + 1);
      const Json json = Json::parse(line, nullptr, false);
      if (!json.is_object()) continue;
      wanted =
          sink({text_field(json, "timestamp"), text_field(json, "instance"), text_field(json, "text"), line});
    }
    return wanted;
  };
  const auto response = send(message, [&](const HttpResponse& head) {
    return head.status / 100 == 2 ? BodySink(take) : BodySink();
  });
  if (!response) {
    if (response.error().code == Code::kCancelled && !wanted) return {};
    return fail(response.error());
  }
  if (response->status / 100 != 2)
    return fail(gateway_error(*response, "reading the log of " + request.function));
  return {};
}

Result<std::string> GatewayClient::info(std::chrono::milliseconds timeout) const {
  FAISCA_TRY(response, expect_success({.path = "/system/info", .timeout = timeout}, "asking the gateway"));
  return std::move(response.body);
}

Status GatewayClient::health(std::chrono::milliseconds timeout) const {
  FAISCA_CHECK_OK(expect_success({.path = "/healthz", .timeout = timeout}, "asking for health"));
  return {};
}

}  // namespace faisca::cli
