// /system/secrets: names come out, values only go in. Nothing of a value gets into an answer or a log.
#include <nlohmann/json.hpp>

#include "api/types/function/validate.h"
#include "gateway/system/api.h"
#include "lib/base/base64.h"
#include "lib/base/log.h"

namespace faisca::gateway {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kHop = "gateway to cluster";

// {"name": …, "namespace": …, "value": text or "rawValue": base64}
Result<cluster::Secret> parse_secret(const std::string& body) {
  const Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return fail(Code::kInvalidArgument, "the request body is not a JSON object",
                R"(send {"name": "NAME", "value": "VALUE"})");
  }
  cluster::Secret secret;
  std::string raw;
  for (const auto& [field, target] : {std::pair<const char*, std::string*>{"name", &secret.name},
                                      {"namespace", &secret.name_space},
                                      {"value", &secret.value},
                                      {"rawValue", &raw}}) {
    const auto found = json.find(field);
    if (found == json.end() || found->is_null()) continue;
    if (!found->is_string()) return fail(Code::kInvalidArgument, std::string(field) + " is not a text");
    *target = found->get<std::string>();
  }
  if (!raw.empty()) {
    Result<std::string> decoded = base64_decode(raw);
    if (!decoded) {
      return fail(Code::kInvalidArgument, "rawValue is not base64",
                  "encode the bytes with base64, or send text as value");
    }
    secret.value = std::move(*decoded);
  }
  FAISCA_CHECK_OK(api::validate_name(secret.name, "name"));
  return secret;
}

Answer accepted() { return {.status = 202, .content_type = "text/plain", .body = ""}; }

}  // namespace

Answer Api::list_secrets(const ApiRequest& request, const std::string&) {
  const std::string name_space = namespace_of(request.parameter("namespace"));
  const Result<std::vector<std::string>> names = cluster_.secrets(name_space);
  if (!names) return error_answer(names.error(), kHop);
  std::string list;
  for (const std::string& name : *names) {
    list += (list.empty() ? "" : ",") + ("{\"name\":" + json_quote(name)) +
            ",\"namespace\":" + json_quote(name_space) + "}";
  }
  return {.body = "[" + list + "]\n"};
}

Answer Api::apply_secret(const ApiRequest& request, cluster::Apply how) {
  Result<cluster::Secret> secret = parse_secret(request.body);
  if (!secret) return error_answer(secret.error(), kClientHop);
  secret->name_space =
      namespace_of(secret->name_space.empty() ? request.parameter("namespace") : secret->name_space);
  const Status applied = cluster_.put_secret(*secret, how);
  if (!applied) return error_answer(applied.error(), kHop);
  return accepted();
}

Answer Api::create_secret(const ApiRequest& request, const std::string&) {
  return apply_secret(request, cluster::Apply::kCreate);
}

Answer Api::update_secret(const ApiRequest& request, const std::string&) {
  return apply_secret(request, cluster::Apply::kUpdate);
}

Answer Api::delete_secret(const ApiRequest& request, const std::string&) {
  const Result<cluster::Secret> secret = parse_secret(request.body);
  if (!secret) return error_answer(secret.error(), kClientHop);
  const std::string& told = secret->name_space;
  const Status removed = cluster_.remove_secret(
      secret->name, namespace_of(told.empty() ? request.parameter("namespace") : told));
  if (!removed) return error_answer(removed.error(), kHop);
  return accepted();
}

}  // namespace faisca::gateway
