#include "lib/kube/api_error.h"

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"

namespace faisca::kube {
namespace {

bool has_cause(const Json& status, std::string_view reason) {
  const Json& causes = at(status, "/details/causes");
  if (!causes.is_array()) return false;
  for (const Json& cause : causes)
    if (text_at(cause, "/reason") == reason) return true;
  return false;
}

Code conflict_code(std::string_view reason, const Json& status) {
  if (reason == "AlreadyExists") return Code::kAlreadyExists;
  return has_cause(status, "FieldManagerConflict") ? Code::kFailedPrecondition : Code::kAborted;
}

Code code_of(int http, std::string_view reason, const Json& status) {
  switch (http) {
    case 400:
    case 406:
    case 415:
    case 422:
      return Code::kInvalidArgument;
    case 401:
      return Code::kUnauthenticated;
    case 403:
      return has_cause(status, "NamespaceTerminating") ? Code::kFailedPrecondition : Code::kPermissionDenied;
    case 404:
      return Code::kNotFound;
    case 405:
      return Code::kUnimplemented;
    case 409:
      return conflict_code(reason, status);
    case 410:
      return Code::kOutOfRange;
    case 413:
      return Code::kInvalidArgument;
    case 429:
      return Code::kResourceExhausted;
    case 502:
    case 503:
      return Code::kUnavailable;
    case 504:
      return Code::kDeadlineExceeded;
    default:
      return http >= 500 ? Code::kInternal : Code::kUnknown;
  }
}

std::string hint_for(Code code) {
  switch (code) {
    case Code::kPermissionDenied:
      return "grant it with a Role and a RoleBinding, and ask again with `kubectl auth can-i`";
    case Code::kUnauthenticated:
      return "the credentials are not accepted: check token or client certificate, and their expiry";
    default:
      return "";
  }
}

// One line of what is not a Status: a proxy's page, plain text.
std::string excerpt(std::string_view body) {
  std::string out;
  for (const char c : body.substr(0, 200)) out += c >= 0 && c < ' ' ? ' ' : c;
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

Error from_status(int http, const Json& status) {
  const std::string reason = text_at(status, "/reason");
  std::string message = text_at(status, "/message");
  if (message.empty()) message = "the API server answered " + std::to_string(http) + " " + reason;
  const Code code = code_of(http, reason, status);
  return Error{code, std::move(message), hint_for(code), {}};
}

}  // namespace

Error api_error(int http_status, std::string_view body) {
  const Json status = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (text_at(status, "/kind") == "Status") return from_status(http_status, status);
  const Code code = code_of(http_status, "", status);
  std::string message = "the API server answered " + std::to_string(http_status);
  if (const std::string text = excerpt(body); !text.empty()) message += ": " + text;
  return Error{code, std::move(message), hint_for(code), {}};
}

Error api_error(const Json& status) {
  const Json& code = at(status, "/code");
  return from_status(code.is_number_integer() ? code.get<int>() : 500, status);
}

bool is_transient(const Error& error) {
  switch (error.code) {
    case Code::kAborted:
    case Code::kResourceExhausted:
    case Code::kInternal:
    case Code::kUnavailable:
    case Code::kDeadlineExceeded:
    case Code::kUnknown:
    case Code::kCancelled:
    case Code::kUnauthenticated:  // tokens rotate
      return true;
    default:
      return false;
  }
}

}  // namespace faisca::kube
