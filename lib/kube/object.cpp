#include "lib/kube/object.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace faisca::kube {
namespace {

const Json kNull;

const Json& member(const Json& object, std::string_view name) {
  if (!object.is_object()) return kNull;
  const auto found = object.find(name);
  return found == object.end() ? kNull : *found;
}

std::string text_of(const Json& value) {
  return value.is_string() ? value.get_ref<const std::string&>() : std::string();
}

const Json& metadata(const Json& object) { return member(object, "metadata"); }

const Json& controller(const Json& object) {
  const Json& owners = member(metadata(object), "ownerReferences");
  if (!owners.is_array()) return kNull;
  for (const Json& owner : owners)
    if (const Json& is = member(owner, "controller"); is.is_boolean() && is.get<bool>()) return owner;
  return kNull;
}

Json finalizers_patch(const Json& object, Json finalizers) {
  Json patch{{"metadata", {{"finalizers", std::move(finalizers)}}}};
  if (std::string version = resource_version_of(object); !version.empty())
    patch["metadata"]["resourceVersion"] = std::move(version);
  return patch;
}

Json finalizers_except(const Json& object, std::string_view finalizer) {
  Json out = Json::array();
  if (const Json& all = member(metadata(object), "finalizers"); all.is_array())
    for (const Json& one : all)
      if (text_of(one) != finalizer) out.push_back(one);
  return out;
}

}  // namespace

const Json& at(const Json& object, std::string_view json_pointer) {
  const Json* here = &object;
  while (!json_pointer.empty()) {
    json_pointer.remove_prefix(1);  // the slash
    const size_t end = std::min(json_pointer.find('/'), json_pointer.size());
    std::string name(json_pointer.substr(0, end));
    for (size_t i; (i = name.find("~1")) != std::string::npos;) name.replace(i, 2, "/");
    if (here->is_array()) {
      size_t index = 0;
      for (const char c : name)
        index = c >= '0' && c <= '9' ? index * 10 + static_cast<size_t>(c - '0') : SIZE_MAX / 20;
      if (name.empty() || index >= here->size()) return kNull;
      here = &(*here)[index];
    } else {
      here = &member(*here, name);
    }
    json_pointer.remove_prefix(end);
  }
  return *here;
}

std::string text_at(const Json& object, std::string_view json_pointer) {
  return text_of(at(object, json_pointer));
}

ObjectKey key_of(const Json& object) {
  return {text_of(member(metadata(object), "namespace")), text_of(member(metadata(object), "name"))};
}

std::string uid_of(const Json& object) { return text_of(member(metadata(object), "uid")); }

std::string resource_version_of(const Json& object) {
  return text_of(member(metadata(object), "resourceVersion"));
}

int64_t generation_of(const Json& object) {
  const Json& value = member(metadata(object), "generation");
  return value.is_number_integer() ? value.get<int64_t>() : 0;
}

bool is_being_deleted(const Json& object) {
  return !text_of(member(metadata(object), "deletionTimestamp")).empty();
}

std::string label_of(const Json& object, std::string_view name) {
  return text_of(member(member(metadata(object), "labels"), name));
}

std::string annotation_of(const Json& object, std::string_view name) {
  return text_of(member(member(metadata(object), "annotations"), name));
}

Json make_object(const Resource& resource, const ObjectKey& key) {
  Json out{
      {"apiVersion", resource.api_version()}, {"kind", resource.kind}, {"metadata", {{"name", key.name}}}};
  if (resource.scope == Scope::kNamespaced && !key.space.empty()) out["metadata"]["namespace"] = key.space;
  return out;
}

Json owner_reference(const Resource& resource, const Json& owner) {
  return {{"apiVersion", resource.api_version()},
          {"kind", resource.kind},
          {"name", key_of(owner).name},
          {"uid", uid_of(owner)},
          {"controller", true},
          {"blockOwnerDeletion", true}};
}

std::string controller_uid(const Json& object) { return text_of(member(controller(object), "uid")); }

std::string controller_name(const Json& object, std::string_view kind) {
  const Json& owner = controller(object);
  return text_of(member(owner, "kind")) == kind ? text_of(member(owner, "name")) : std::string();
}

std::string controller_api_version(const Json& object) {
  return text_of(member(controller(object), "apiVersion"));
}

bool has_finalizer(const Json& object, std::string_view finalizer) {
  const Json& all = member(metadata(object), "finalizers");
  return all.is_array() &&
         std::any_of(all.begin(), all.end(), [&](const Json& one) { return text_of(one) == finalizer; });
}

Json with_finalizer(const Json& object, std::string_view finalizer) {
  Json all = finalizers_except(object, finalizer);
  all.push_back(finalizer);
  return finalizers_patch(object, std::move(all));
}

Json without_finalizer(const Json& object, std::string_view finalizer) {
  return finalizers_patch(object, finalizers_except(object, finalizer));
}

}  // namespace faisca::kube
