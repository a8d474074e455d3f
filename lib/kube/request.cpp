#include "lib/kube/request.h"

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"

namespace faisca::kube {
namespace {

// RFC 3986 §2.3: unreserved characters stay as they are.
void append_escaped(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
        c == '_' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
}

void append_segment(std::string& out, std::string_view text) {
  out += '/';
  append_escaped(out, text);
}

std::string dump(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json typed(const Resource& resource, const Json& object) {
  Json out = object;
  if (!out.contains("apiVersion")) out["apiVersion"] = resource.api_version();
  if (!out.contains("kind")) out["kind"] = resource.kind;
  return out;
}

Request write(Verb verb, const Resource& resource, const Json& object, std::string subresource) {
  Request request{.verb = verb, .resource = resource, .key = key_of(object)};
  request.subresource = std::move(subresource);
  request.body = dump(typed(resource, object));
  return request;
}

}  // namespace

std::string Request::path() const {
  std::string out = resource.group.empty() ? "/api" : "/apis";
  if (!resource.group.empty()) append_segment(out, resource.group);
  append_segment(out, resource.version);
  if (resource.scope == Scope::kNamespaced && !key.space.empty()) {
    out += "/namespaces";
    append_segment(out, key.space);
  }
  append_segment(out, resource.plural);
  const bool is_collection = verb == Verb::kList || (verb == Verb::kCreate && subresource.empty());
  if (!is_collection && !key.name.empty()) append_segment(out, key.name);
  if (!subresource.empty()) append_segment(out, subresource);
  char separator = '?';
  for (const auto& [name, value] : query) {
    out += std::exchange(separator, '&');
    append_escaped(out, name);
    out += '=';
    append_escaped(out, value);
  }
  return out;
}

std::string_view Request::rbac_verb() const {
  switch (verb) {
    case Verb::kGet:
      return "get";
    case Verb::kList:
      for (const auto& [name, value] : query)
        if (name == "watch") return "watch";
      return "list";
    case Verb::kCreate:
      return "create";
    case Verb::kUpdate:
      return "update";
    case Verb::kApply:
    case Verb::kMergePatch:
      return "patch";
    case Verb::kDelete:
      return "delete";
  }
  return "";
}

std::string Request::text() const {
  std::string out = std::string(rbac_verb()) + " " + std::string(resource.plural);
  if (!subresource.empty()) out += "/" + subresource;
  if (!key.name.empty()) return out + " " + key.text();
  return key.space.empty() ? out : out + " in " + key.space;
}

Request get(const Resource& resource, ObjectKey key) {
  return {.verb = Verb::kGet, .resource = resource, .key = std::move(key)};
}

Request list(const Resource& resource, const ListOptions& options) {
  Request request{.verb = Verb::kList, .resource = resource, .key = {options.space, ""}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) request.query.emplace_back(name, value);
  };
  add("labelSelector", options.label_selector);
  add("fieldSelector", options.field_selector);
  add("limit", options.limit > 0 ? std::to_string(options.limit) : "");
  add("continue", options.continue_token);
  return request;
}

Request create(const Resource& resource, const Json& object) {
  return write(Verb::kCreate, resource, object, "");
}

Request update(const Resource& resource, const Json& object, std::string subresource) {
  return write(Verb::kUpdate, resource, object, std::move(subresource));
}

Request apply(const Resource& resource, const Json& object, std::string_view field_manager,
              std::string subresource, Conflicts conflicts) {
  Request request = write(Verb::kApply, resource, object, std::move(subresource));
  request.query.emplace_back("fieldManager", field_manager);
  if (conflicts == Conflicts::kTakeOver) request.query.emplace_back("force", "true");
  return request;
}

Request merge_patch(const Resource& resource, ObjectKey key, const Json& patch, std::string subresource) {
  Request request{.verb = Verb::kMergePatch, .resource = resource, .key = std::move(key)};
  request.subresource = std::move(subresource);
  request.body = dump(patch);
  return request;
}

Request remove(const Resource& resource, ObjectKey key, Propagation propagation, const Preconditions& only) {
  Request request{.verb = Verb::kDelete, .resource = resource, .key = std::move(key)};
  const char* policy = propagation == Propagation::kBackground   ? "Background"
                       : propagation == Propagation::kForeground ? "Foreground"
                                                                 : "Orphan";
  Json options{{"apiVersion", "v1"}, {"kind", "DeleteOptions"}, {"propagationPolicy", policy}};
  if (!only.uid.empty()) options["preconditions"]["uid"] = only.uid;
  if (!only.resource_version.empty()) options["preconditions"]["resourceVersion"] = only.resource_version;
  request.body = dump(options);
  return request;
}

}  // namespace faisca::kube
