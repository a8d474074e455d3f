// /system/functions, /system/function/NAME and /system/scale-function/NAME.
#include <nlohmann/json.hpp>

#include "api/types/function/json.h"
#include "api/types/function/validate.h"
#include "api/types/function/yaml.h"
#include "gateway/system/api.h"

namespace faisca::gateway {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kHop = "gateway to cluster";

Result<Json> parse_object(const std::string& body) {
  Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return fail(Code::kInvalidArgument, "the request body is not a JSON object", "see docs/reference/api.md");
  }
  return json;
}

// The text member `name`; "" if there is none.
std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// Our own Function, as YAML or JSON, or OpenFaaS's FunctionDeployment: told apart by apiVersion. The
// namespace is as sent, perhaps empty.
Result<api::Function> parse_any(const ApiRequest& request) {
  const bool yaml = request.content_type.find("yaml") != std::string::npos;
  if (!yaml) {
    const Json json = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
    if (json.is_object() && !json.contains("apiVersion")) {
      FAISCA_TRY(function, api::function_from_deployment(request.body));
      function.metadata.name_space = text_of(json, "namespace");
      return function;
    }
  }
  return api::parse_function(request.body);
}

Answer unknown(const cluster::FunctionId& id) {
  return error_answer(404, kHop,
                      "no function \"" + id.name + "\" is deployed in namespace \"" + id.name_space + "\"",
                      "list what is with: faisca list");
}

// In the body or in the query.
std::string told_namespace(const ApiRequest& request, const Json& body) {
  const std::string in_body = text_of(body, "namespace");
  return in_body.empty() ? request.parameter("namespace") : in_body;
}

Answer accepted() { return {.status = 202, .content_type = "text/plain", .body = ""}; }

}  // namespace

std::string Api::status_of(const cluster::FunctionState& state) {
  api::FunctionFigures figures;
  figures.replicas = state.replicas;
  figures.available_replicas = static_cast<int>(state.ready.size());
  figures.invocation_count =
      static_cast<double>(metrics_.function(state.name(), state.name_space())->finished_count());
  figures.created_at = std::chrono::time_point_cast<std::chrono::system_clock::duration>(state.created_at);
  return api::status_json(state.function, figures);
}

Answer Api::list_functions(const ApiRequest& request, const std::string&) {
  const std::string name_space = namespace_of(request.parameter("namespace"));
  Answer answer;
  answer.body = "[";
  for (const cluster::FunctionStatePtr& state : cluster_.snapshot()->functions) {
    if (state->name_space() != name_space) continue;
    if (answer.body.size() > 1) answer.body += ",";
    answer.body += status_of(*state);
  }
  answer.body += "]\n";
  return answer;
}

Answer Api::get_function(const ApiRequest& request, const std::string& name) {
  const cluster::FunctionId id = id_of(name, request.parameter("namespace"));
  if (request.accept.find("yaml") != std::string::npos) {
    const Result<api::Function> whole = cluster_.get(id);
    if (!whole) return error_answer(whole.error(), kHop);
    return {.content_type = "application/yaml", .body = api::print_function(*whole)};
  }
  const cluster::FunctionStatePtr found = cluster_.snapshot()->find(id);
  if (!found) return unknown(id);
  return {.body = status_of(*found) + "\n"};
}

Answer Api::apply_function(const ApiRequest& request, cluster::Apply how) {
  Result<api::Function> function = parse_any(request);
  if (!function) return error_answer(function.error(), kClientHop);
  function->metadata.name_space = namespace_of(
      function->metadata.name_space.empty() ? request.parameter("namespace") : function->metadata.name_space);
  const Status applied = cluster_.apply(*function, how);
  if (!applied) return error_answer(applied.error(), kHop);
  return accepted();
}

Answer Api::create_function(const ApiRequest& request, const std::string&) {
  return apply_function(request, cluster::Apply::kCreate);
}

Answer Api::update_function(const ApiRequest& request, const std::string&) {
  return apply_function(request, cluster::Apply::kUpdate);
}

Answer Api::delete_function(const ApiRequest& request, const std::string&) {
  const Result<Json> json = parse_object(request.body);
  if (!json) return error_answer(json.error(), kClientHop);
  if (!json->contains("functionName") || !(*json)["functionName"].is_string()) {
    return error_answer(400, kClientHop, "functionName is missing or not a string",
                        R"(send {"functionName": "NAME"})");
  }
  const Status removed =
      cluster_.remove(id_of((*json)["functionName"].get<std::string>(), told_namespace(request, *json)));
  if (!removed) return error_answer(removed.error(), kHop);
  return accepted();
}

Answer Api::scale_function(const ApiRequest& request, const std::string& name) {
  const Result<Json> json = parse_object(request.body);
  if (!json) return error_answer(json.error(), kClientHop);
  if (!json->contains("replicas") || !(*json)["replicas"].is_number_unsigned() ||
      (*json)["replicas"].get<uint64_t>() > 1000) {
    return error_answer(400, kClientHop, "replicas is missing or not a number from 0 to 1000",
                        R"(send {"serviceName": "NAME", "replicas": N})");
  }
  const Status scaled =
      cluster_.scale(id_of(name, told_namespace(request, *json)), (*json)["replicas"].get<int>());
  if (!scaled) return error_answer(scaled.error(), kHop);
  return accepted();
}

}  // namespace faisca::gateway
