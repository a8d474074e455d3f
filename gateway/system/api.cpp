#include "gateway/system/api.h"

#include <algorithm>
#include <array>

namespace faisca::gateway {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

std::string ApiRequest::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    const size_t equals = pair.find('=');
    if (percent_decode(pair.substr(0, equals)) != name) continue;
    return equals == std::string_view::npos ? "" : percent_decode(pair.substr(equals + 1));
  }
  return "";
}

struct Api::Endpoint {
  std::string_view method;
  std::string_view path;  // ends in "/" if a name follows
  Handler handler;
};

const Api::Endpoint Api::kEndpoints[] = {
    {"GET", "/system/functions", &Api::list_functions},
    {"POST", "/system/functions", &Api::create_function},
    {"PUT", "/system/functions", &Api::update_function},
    {"DELETE", "/system/functions", &Api::delete_function},
    {"GET", "/system/function/", &Api::get_function},
    {"POST", "/system/scale-function/", &Api::scale_function},
    {"GET", "/system/secrets", &Api::list_secrets},
    {"POST", "/system/secrets", &Api::create_secret},
    {"PUT", "/system/secrets", &Api::update_secret},
    {"DELETE", "/system/secrets", &Api::delete_secret},
    {"GET", "/system/logs", &Api::logs},
    {"GET", "/system/info", &Api::info},
    {"GET", "/system/namespaces", &Api::namespaces},
    {"GET", "/healthz", &Api::health},
    {"HEAD", "/healthz", &Api::health},
    {"GET", "/livez", &Api::alive},
    {"GET", "/metrics", &Api::metrics_text},
};

// OpenFaaS's clients send the namespace "openfaas-fn" if they are told none: where there is no such
// namespace it means the default one.
std::string Api::namespace_of(const std::string& given) const {
  const std::string& standard = cluster_.snapshot()->default_namespace;
  if (given.empty()) return standard;
  if (given != api::kDefaultNamespace) return given;
  const std::vector<std::string> known = cluster_.namespaces();
  return std::ranges::find(known, given) == known.end() ? standard : given;
}

// `called` may be NAME.NAMESPACE; a namespace told elsewhere counts more.
cluster::FunctionId Api::id_of(const std::string& called, const std::string& name_space) const {
  const size_t dot = called.find('.');
  const std::string behind = dot == std::string::npos ? "" : called.substr(dot + 1);
  return {called.substr(0, dot), namespace_of(name_space.empty() ? behind : name_space)};
}

Answer Api::handle(const ApiRequest& request) {
  const SteadyTime began = clock_.now();
  std::string allowed;
  for (const Endpoint& endpoint : kEndpoints) {
    const bool named = endpoint.path.ends_with('/');
    std::string name;
    if (named) {
      if (!request.path.starts_with(endpoint.path) || request.path.size() == endpoint.path.size()) continue;
      name = request.path.substr(endpoint.path.size());
      if (name.find('/') != std::string::npos) continue;
    } else if (request.path != endpoint.path) {
      continue;
    }
    if (endpoint.method != request.method) {
      if (!allowed.empty()) allowed += ", ";
      allowed += endpoint.method;
      continue;
    }
    Answer answer = (this->*endpoint.handler)(request, name);
    const std::chrono::duration<double> seconds = clock_.now() - began;
    metrics_.api_request(endpoint.method,
                         named ? std::string(endpoint.path) + "{name}" : std::string(endpoint.path),
                         answer.status, seconds.count());
    return answer;
  }
  if (!allowed.empty()) {
    Answer answer = error_answer(
        405, kClientHop, request.path + " does not take the method " + request.method, "use " + allowed);
    answer.headers.push_back({"Allow", allowed});
    return answer;
  }
  return error_answer(404, kClientHop, "nothing is at " + request.path,
                      "functions are at /function/NAME, the API at /system/functions");
}

}  // namespace faisca::gateway
