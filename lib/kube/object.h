// What every Kubernetes object has: accessors over its JSON, owner references, finalizers, labels.
// Accessors never fail: what is missing or of the wrong type reads as empty. Thread: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/kube/json.h"
#include "lib/kube/resource.h"

namespace faisca::kube {

ObjectKey key_of(const Json& object);
std::string uid_of(const Json& object);
std::string resource_version_of(const Json& object);
int64_t generation_of(const Json& object);
bool is_being_deleted(const Json& object);
std::string label_of(const Json& object, std::string_view name);
std::string annotation_of(const Json& object, std::string_view name);
// "" when there is none, or it is not a text.
std::string text_at(const Json& object, std::string_view json_pointer);
// The member at `json_pointer`, or a null.
const Json& at(const Json& object, std::string_view json_pointer);

// An object with apiVersion, kind and metadata as `resource` and `key` say.
Json make_object(const Resource& resource, const ObjectKey& key);

// For metadata.ownerReferences: `owner` is the controller, and blocks its own foreground deletion until the
// child is gone.
Json owner_reference(const Resource& resource, const Json& owner);
// The owner that is the controller: its uid, "" without one.
std::string controller_uid(const Json& object);
// The controller's name if it is of `kind`, else "".
std::string controller_name(const Json& object, std::string_view kind);
// Its apiVersion, "" without one.
std::string controller_api_version(const Json& object);

bool has_finalizer(const Json& object, std::string_view finalizer);
// A merge patch body that adds or removes it and holds the resourceVersion, so that a lost update is
// kAborted.
Json with_finalizer(const Json& object, std::string_view finalizer);
Json without_finalizer(const Json& object, std::string_view finalizer);

}  // namespace faisca::kube
