#include "lib/kube/testing/fake_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "lib/kube/object.h"
#include "lib/kube/testing/selector.h"

namespace faisca::kube::testing {

struct FakeStore::Entry {
  Json object;
  // By field manager and subresource: what it applied last, to find what it no longer wants.
  std::map<std::string, Json> applied;
};

struct FakeStore::Change {
  uint64_t version;
  Place place;
  std::string type;
  Json object;
};

FakeStore::FakeStore() = default;
FakeStore::~FakeStore() = default;

namespace {

std::string collection_of(const Request& request) {
  return std::string(request.resource.group) + "/" + std::string(request.resource.plural);
}

std::string query_of(const Request& request, std::string_view name) {
  for (const auto& [key, value] : request.query)
    if (key == name) return value;
  return "";
}

tl::unexpected<Error> not_found(const Request& request) {
  return fail(Code::kNotFound,
              std::string(request.resource.plural) + " \"" + request.key.name + "\" not found");
}

bool is_in(const Request& request, const Json& object) {
  return (request.key.space.empty() || key_of(object).space == request.key.space) &&
         selects(query_of(request, "labelSelector"), query_of(request, "fieldSelector"), object);
}

// Whether the elements of both lists are objects with a `name` or `type`: then they are merged by it.
std::string merge_key(const Json& a, const Json& b) {
  for (const char* name : {"name", "type", "uid"}) {
    const auto has = [&](const Json& one) { return one.is_object() && one.contains(name); };
    if (std::all_of(a.begin(), a.end(), has) && std::all_of(b.begin(), b.end(), has)) return name;
  }
  return "";
}

Json* find_by(Json& list, const std::string& key, const Json& value) {
  for (Json& one : list)
    if (one[key] == value) return &one;
  return nullptr;
}

void lay_over(Json& live, const Json& wanted) {
  if (wanted.is_object() && live.is_object()) {
    for (const auto& [name, value] : wanted.items()) lay_over(live[name], value);
  } else if (wanted.is_array() && live.is_array() && !merge_key(live, wanted).empty()) {
    const std::string key = merge_key(live, wanted);
    for (const Json& one : wanted) {
      Json* known = find_by(live, key, one[key]);
      if (known != nullptr)
        lay_over(*known, one);
      else
        live.push_back(one);
    }
  } else {
    live = wanted;
  }
}

// Takes out of `live` what was applied before and is no longer wanted.
void take_out(Json& live, const Json& before, const Json& wanted) {
  if (!before.is_object() || !live.is_object() || !wanted.is_object()) return;
  for (const auto& [name, value] : before.items()) {
    if (!live.contains(name)) continue;
    if (!wanted.contains(name))
      live.erase(name);
    else
      take_out(live[name], value, wanted[name]);
  }
}

}  // namespace

Result<Json> FakeStore::handle(const Request& request) {
  const auto found = entries_.find({collection_of(request), request.key});
  const Json body = request.body.empty() ? Json() : Json::parse(request.body);
  switch (request.verb) {
    case Verb::kGet:
      if (found == entries_.end()) return not_found(request);
      return found->second.object;
    case Verb::kList:
      return list(request);
    case Verb::kCreate:
      return create(request, body);
    case Verb::kUpdate:
      return replace(request, body);
    case Verb::kApply:
      return apply(request, body);
    case Verb::kMergePatch:
      return merge(request, body);
    case Verb::kDelete:
      return remove(request);
  }
  return fail(Code::kInternal, "unknown verb");
}

Result<Json> FakeStore::list(const Request& request) const {
  Json out{{"kind", std::string(request.resource.kind) + "List"},
           {"metadata", {{"resourceVersion", std::to_string(version_)}}},
           {"items", Json::array()}};
  const std::string limit = query_of(request, "limit");
  const size_t most = limit.empty() ? SIZE_MAX : std::stoul(limit);
  const std::string after = query_of(request, "continue");
  for (const auto& [place, entry] : entries_) {
    if (place.collection != collection_of(request) || !is_in(request, entry.object)) continue;
    if (!after.empty() && place.key.text() <= after) continue;
    if (out["items"].size() == most) {
      out["metadata"]["continue"] = key_of(out["items"].back()).text();
      break;
    }
    out["items"].push_back(entry.object);
  }
  return out;
}

Result<Json> FakeStore::create(const Request& request, Json object) {
  if (key_of(object).name.empty() && object["metadata"].contains("generateName"))
    object["metadata"]["name"] = text_at(object, "/metadata/generateName") + std::to_string(++uids_);
  const Place place{collection_of(request), key_of(object)};
  if (place.key.name.empty()) return fail(Code::kInvalidArgument, "metadata.name: Required value");
  if (entries_.contains(place))
    return fail(Code::kAlreadyExists,
                std::string(request.resource.plural) + " \"" + place.key.name + "\" already exists");
  Json& metadata = object["metadata"];
  metadata["uid"] = "uid-" + std::to_string(++uids_);
  metadata["generation"] = 1;
  metadata["creationTimestamp"] = "2026-01-01T00:00:00Z";
  metadata["resourceVersion"] = std::to_string(++version_);
  entries_[place].object = object;
  note(place, "ADDED", object);
  return object;
}

Result<Json> FakeStore::replace(const Request& request, Json object) {
  const auto found = entries_.find({collection_of(request), request.key});
  if (found == entries_.end()) return not_found(request);
  return put(request, found->second, std::move(object));
}

Result<Json> FakeStore::apply(const Request& request, const Json& wanted) {
  const Place place{collection_of(request), request.key};
  if (!entries_.contains(place)) {
    if (!request.subresource.empty()) return not_found(request);
    FAISCA_TRY(made, create(request, wanted));
    entries_[place].applied[query_of(request, "fieldManager")] = wanted;
    return made;
  }
  Entry& entry = entries_[place];
  Json& before = entry.applied[query_of(request, "fieldManager") + request.subresource];
  Json after = entry.object;
  take_out(after, before, wanted);
  lay_over(after, wanted);
  before = wanted;
  return put(request, entry, std::move(after));
}

Result<Json> FakeStore::merge(const Request& request, const Json& patch) {
  const auto found = entries_.find({collection_of(request), request.key});
  if (found == entries_.end()) return not_found(request);
  Json after = found->second.object;
  after.merge_patch(patch);
  return put(request, found->second, std::move(after));
}

// Stores `after` if its resourceVersion is current or absent, taking status or everything else from it.
Result<Json> FakeStore::put(const Request& request, Entry& entry, Json after) {
  const Place place{collection_of(request), key_of(entry.object)};
  const std::string version = resource_version_of(after);
  if (!version.empty() && version != resource_version_of(entry.object))
    return fail(Code::kAborted,
                "the object has been modified; please apply your changes to the latest version");
  if (const std::string uid = uid_of(after); !uid.empty() && uid != uid_of(entry.object))
    return fail(Code::kAborted, "Precondition failed: UID in precondition: " + uid);
  Json next = entry.object;
  if (request.subresource == "status") {
    next["status"] = after["status"];
  } else {
    const Json status = next.contains("status") ? next["status"] : Json();
    const Json metadata = next["metadata"];
    next = std::move(after);
    if (!status.is_null() && request.resource.group != "") next["status"] = status;
    for (const char* kept :
         {"uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp"})
      if (metadata.contains(kept)) next["metadata"][kept] = metadata[kept];
  }
  if (next == entry.object) return next;
  if (at(next, "/spec") != at(entry.object, "/spec"))
    next["metadata"]["generation"] = generation_of(entry.object) + 1;
  next["metadata"]["resourceVersion"] = std::to_string(++version_);
  entry.object = next;
  if (is_being_deleted(next) && at(next, "/metadata/finalizers").empty()) return erase(entries_.find(place));
  note(place, "MODIFIED", next);
  return next;
}

Result<Json> FakeStore::remove(const Request& request) {
  const auto found = entries_.find({collection_of(request), request.key});
  if (found == entries_.end()) return not_found(request);
  const Json options = request.body.empty() ? Json() : Json::parse(request.body);
  const std::string uid = text_at(options, "/preconditions/uid");
  const std::string version = text_at(options, "/preconditions/resourceVersion");
  Json& object = found->second.object;
  if ((!uid.empty() && uid != uid_of(object)) || (!version.empty() && version != resource_version_of(object)))
    return fail(Code::kAborted, "Precondition failed");
  if (at(object, "/metadata/finalizers").empty()) return erase(found);
  if (!is_being_deleted(object)) {
    object["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z";
    object["metadata"]["resourceVersion"] = std::to_string(++version_);
    note(found->first, "MODIFIED", object);
  }
  return object;
}

Json FakeStore::erase(Entries::iterator entry) {
  Json object = entry->second.object;
  object["metadata"]["resourceVersion"] = std::to_string(++version_);
  note(entry->first, "DELETED", object);
  entries_.erase(entry);
  collect_children(uid_of(object));
  return object;
}

void FakeStore::collect_children(const std::string& uid) {
  for (;;) {
    const auto child = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) {
      return controller_uid(entry.second.object) == uid && !is_being_deleted(entry.second.object);
    });
    if (child == entries_.end()) return;
    if (!at(child->second.object, "/metadata/finalizers").empty()) {
      child->second.object["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z";
      child->second.object["metadata"]["resourceVersion"] = std::to_string(++version_);
      note(child->first, "MODIFIED", child->second.object);
    } else {
      erase(child);
    }
  }
}

void FakeStore::note(const Place& place, std::string type, const Json& object) {
  history_.push_back({version_, place, std::move(type), object});
}

Result<uint64_t> FakeStore::watch_start(const Request& request) const {
  const std::string text = query_of(request, "resourceVersion");
  const uint64_t version = text.empty() ? version_ : std::stoull(text);
  if (version < oldest_) return fail(Code::kOutOfRange, "too old resource version: " + text);
  return version;
}

std::vector<std::string> FakeStore::events_after(const Request& request, uint64_t& after) const {
  std::vector<std::string> out;
  for (const Change& change : history_)
    if (change.version > after && change.place.collection == collection_of(request) &&
        is_in(request, change.object))
      out.push_back(Json{{"type", change.type}, {"object", change.object}}.dump());
  after = version_;
  return out;
}

void FakeStore::forget_history() {
  history_.clear();
  oldest_ = ++version_;
}

}  // namespace faisca::kube::testing
