// The state of a cluster at one moment: every function with its ready endpoints.
//
// Immutable once published, and cheap to follow: what has not changed is the same object in the next one.
// Ownership: shared pointers. Thread: built by one, then read by all.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/types/function/function.h"
#include "lib/base/clock.h"

namespace faisca::cluster {

// Which function: its name alone, or with a namespace.
struct FunctionId {
  std::string name;
  std::string name_space = {};  // empty: the default one

  bool operator==(const FunctionId&) const = default;
};

// One ready instance's address: IPv4 text and port. `id` is unique for the life of an instance, never reused.
struct Endpoint {
  std::string id;
  std::string address;
  uint16_t port = 0;

  bool operator==(const Endpoint&) const = default;
};

// A function as it is now.
struct FunctionState {
  api::Function function;  // its namespace is never empty
  WallTime created_at;
  uint64_t generation = 0;  // grows with every change of the spec
  int replicas = 0;         // wanted
  std::vector<Endpoint> ready;
  std::string reason;  // why not `replicas` instances of this generation are ready, for people; else empty

  const std::string& name() const { return function.metadata.name; }
  const std::string& name_space() const { return function.metadata.name_space; }
};
using FunctionStatePtr = std::shared_ptr<const FunctionState>;

// Would every reader take one for the other?
bool same(const FunctionState& a, const FunctionState& b);

struct Snapshot {
  uint64_t version = 0;  // grows with every change
  std::string default_namespace = api::kDefaultNamespace;
  // In the order of `before`, each once. A change copies this list of pointers and nothing else.
  std::vector<FunctionStatePtr> functions;

  // By namespace, then name.
  static bool before(const FunctionState& state, std::string_view name_space, std::string_view name);

  // Null if there is none. Binary search: for commands and lists, not for requests (gateway/route/table.h).
  FunctionStatePtr find(std::string_view name, std::string_view name_space = {}) const;
  FunctionStatePtr find(const FunctionId& id) const { return find(id.name, id.name_space); }
  bool contains(std::string_view name, std::string_view name_space = {}) const {
    return find(name, name_space) != nullptr;
  }
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

// For building one: puts `state` in its place, or in the place of the one before it.
void put(Snapshot& snapshot, FunctionStatePtr state);
void erase(Snapshot& snapshot, std::string_view name, std::string_view name_space);

}  // namespace faisca::cluster
