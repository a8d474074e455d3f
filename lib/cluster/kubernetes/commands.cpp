#include "lib/cluster/kubernetes/commands.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "api/types/function/yaml.h"
#include "lib/base/base64.h"
#include "lib/kube/api_error.h"
#include "lib/kube/object.h"

namespace faisca::cluster {
namespace {

using kube::Json;
using kube::ObjectKey;

ObjectKey key_of(const FunctionId& id) { return {id.name_space, id.name}; }

Error unknown_function(const FunctionId& id) {
  return {Code::kNotFound,
          "no function is named \"" + id.name + "\" in namespace \"" + id.name_space + "\"",
          "list them with: faisca list, or kubectl get functions -A",
          {}};
}

// The API server's 404 in the words of this API.
template <class T>
Result<T> or_unknown(Result<T> result, const FunctionId& id) {
  if (!result && kube::is_not_found(result.error())) return fail(unknown_function(id));
  return result;
}

tl::unexpected<Error> unknown_secret(const std::string& name, const std::string& name_space) {
  return fail(Code::kNotFound, "no secret is named \"" + name + "\" in namespace \"" + name_space + "\"");
}

Json labels_of_secret() { return {{std::string(kManagedByLabel), std::string(kFieldManager)}}; }

}  // namespace

int replicas_after(const api::FunctionSpec& wanted, std::optional<int> before) {
  if (wanted.replicas) return *wanted.replicas;
  if (!before) return std::max(1, wanted.scale.min);
  return std::clamp(*before, wanted.scale.min, std::max(wanted.scale.min, wanted.scale.max));
}

Result<Json> Commands::send(kube::Request request) {
  request.timeout = timeout_;
  return client_.send(request);
}

Result<uint64_t> Commands::apply(const api::Function& function, Apply how) {
  const FunctionId id{function.metadata.name, function.metadata.name_space};
  Result<Json> live = send(kube::get(kube::kFunctions, key_of(id)));
  if (!live && !kube::is_not_found(live.error())) return fail(std::move(live).error());
  if (live && how == Apply::kCreate) {
    return fail(
        Code::kAlreadyExists,
        "a function named \"" + id.name + "\" is deployed already in namespace \"" + id.name_space + "\"",
        "choose another name, or update it");
  }
  if (!live && how == Apply::kUpdate) return fail(unknown_function(id));

  std::optional<int> before;
  if (live) {
    const Json& replicas = kube::at(*live, "/spec/replicas");
    if (replicas.is_number_integer()) before = replicas.get<int>();
  }
  api::Function wanted = function;
  wanted.spec.replicas = replicas_after(wanted.spec, before);
  Json object = Json::parse(api::print_function_json(wanted), nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return fail(Code::kInternal, "a function was printed as something else than JSON");
  // With the uid the server refuses to create anew what somebody removed meanwhile.
  if (live) object["metadata"]["uid"] = kube::uid_of(*live);
  const Result<Json> applied = send(kube::apply(kube::kFunctions, object, kFieldManager));
  if (!applied) {
    if (live && kube::is_conflict(applied.error())) return fail(unknown_function(id));
    return fail(applied.error());
  }
  return static_cast<uint64_t>(std::max<int64_t>(0, kube::generation_of(*applied)));
}

Status Commands::remove(const FunctionId& id) {
  const auto removed = or_unknown(send(kube::remove(kube::kFunctions, key_of(id))), id);
  if (!removed) return fail(removed.error());
  return {};
}

Status Commands::scale(const FunctionId& id, int replicas) {
  kube::Request request =
      kube::merge_patch(kube::kFunctions, key_of(id), {{"spec", {{"replicas", replicas}}}}, "scale");
  request.query.emplace_back("fieldManager", kFieldManager);
  const auto scaled = or_unknown(send(std::move(request)), id);
  if (!scaled) return fail(scaled.error());
  return {};
}

Result<api::Function> Commands::get(const FunctionId& id) {
  FAISCA_TRY(object, or_unknown(send(kube::get(kube::kFunctions, key_of(id))), id));
  return api::parse_function(object.dump(-1, ' ', false, Json::error_handler_t::replace),
                             api::UnknownFields::kIgnore);
}

Result<std::vector<std::string>> Commands::secrets(const std::string& name_space) {
  std::vector<std::string> names;
  kube::ListOptions options{.space = name_space,
                            .label_selector = std::string(kManagedByLabel) + "=" + std::string(kFieldManager),
                            .limit = 100};
  // Bounded, should a server hand out tokens without end.
  for (int page = 0; page < 1000; ++page) {
    FAISCA_TRY(list, send(kube::list(kube::kSecrets, options)));
    const Json& items = kube::at(list, "/items");
    if (items.is_array())
      for (const Json& item : items) names.push_back(kube::key_of(item).name);
    options.continue_token = kube::text_at(list, "/metadata/continue");
    if (options.continue_token.empty()) break;
  }
  std::ranges::sort(names);
  return names;
}

// kFailedPrecondition if somebody else made it.
Result<Json> Commands::own_secret(const std::string& name, const std::string& name_space) {
  Result<Json> live = send(kube::get(kube::kSecrets, {name_space, name}));
  if (!live && kube::is_not_found(live.error())) return unknown_secret(name, name_space);
  if (live && kube::label_of(*live, kManagedByLabel) != kFieldManager) {
    return fail(
        Code::kFailedPrecondition,
        "the secret \"" + name + "\" in namespace \"" + name_space + "\" was not made through this API",
        "change it with kubectl, or choose another name");
  }
  return live;
}

Status Commands::put_secret(const Secret& secret, Apply how) {
  Json object = kube::make_object(kube::kSecrets, {secret.name_space, secret.name});
  object["metadata"]["labels"] = labels_of_secret();
  object["type"] = "Opaque";
  // One key of the secret's name: the function finds it as a file of that name.
  object["data"] = {{secret.name, base64_encode(secret.value)}};
  if (how != Apply::kUpdate) {
    kube::Request request = kube::create(kube::kSecrets, object);
    request.query.emplace_back("fieldManager", kFieldManager);
    Result<Json> created = send(std::move(request));
    if (created) return {};
    const bool there = kube::is_already_there(created.error());
    if (there && how == Apply::kCreate) {
      return fail(Code::kAlreadyExists,
                  "a secret named \"" + secret.name + "\" is there already in namespace \"" +
                      secret.name_space + "\"",
                  "update it instead");
    }
    if (!there) return fail(std::move(created).error());
  }
  FAISCA_TRY(live, own_secret(secret.name, secret.name_space));
  object["metadata"]["resourceVersion"] = kube::resource_version_of(live);
  kube::Request request = kube::update(kube::kSecrets, object);
  request.query.emplace_back("fieldManager", kFieldManager);
  const Result<Json> updated = send(std::move(request));
  if (!updated) return fail(updated.error());
  return {};
}

Status Commands::remove_secret(const std::string& name, const std::string& name_space) {
  FAISCA_TRY(live, own_secret(name, name_space));
  const Result<Json> removed = send(kube::remove(
      kube::kSecrets, {name_space, name}, kube::Propagation::kBackground, {.uid = kube::uid_of(live)}));
  if (!removed && kube::is_not_found(removed.error())) return unknown_secret(name, name_space);
  if (!removed) return fail(removed.error());
  return {};
}

}  // namespace faisca::cluster
