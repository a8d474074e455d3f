// The objects of a FakeClient and their history. Thread: under its owner's mutex.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/kube/json.h"
#include "lib/kube/request.h"

namespace faisca::kube::testing {

class FakeStore {
 public:
  FakeStore();
  ~FakeStore();

  Result<Json> handle(const Request& request);

  // The version a watch begins after; kOutOfRange if its history is gone.
  Result<uint64_t> watch_start(const Request& request) const;
  // Events as JSON lines; moves `after` to the newest version.
  std::vector<std::string> events_after(const Request& request, uint64_t& after) const;
  bool has_after(uint64_t version) const { return version < version_; }
  void forget_history();

 private:
  struct Place {
    std::string collection;  // group and plural
    ObjectKey key;
    auto operator<=>(const Place&) const = default;
  };
  struct Entry;
  struct Change;
  using Entries = std::map<Place, Entry>;

  Result<Json> list(const Request& request) const;
  Result<Json> create(const Request& request, Json object);
  Result<Json> replace(const Request& request, Json object);
  Result<Json> apply(const Request& request, const Json& wanted);
  Result<Json> merge(const Request& request, const Json& patch);
  Result<Json> remove(const Request& request);

  Result<Json> put(const Request& request, Entry& entry, Json after);
  Json erase(Entries::iterator entry);
  void collect_children(const std::string& uid);
  void note(const Place& place, std::string type, const Json& object);

  Entries entries_;
  std::deque<Change> history_;
  uint64_t version_ = 100;
  uint64_t oldest_ = 100;  // watches from before it are refused
  uint64_t uids_ = 0;
};

}  // namespace faisca::kube::testing
