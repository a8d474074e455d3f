// What the API server answered to our own writes, until the caches have caught up: without it a second look
// at the same Function would write the same again.
//
// resourceVersions are compared as numbers: within one resource the API server's grow
// (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions). Where they are not
// numbers the cache is believed. Thread: any.
#pragma once

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>

#include "lib/kube/resource.h"

namespace faisca::operators {

class Recent {
 public:
  void put(const kube::Resource& resource, const kube::ObjectKey& key, std::string resource_version,
           std::string text);
  // The answer, if it is newer than what the cache has (`cached`: its resourceVersion, empty: nothing). An
  // answer that is not newer is forgotten, as is one that the cache has not shown for kLongest of calls: the
  // object is gone.
  std::optional<std::string> newer(const kube::Resource& resource, const kube::ObjectKey& key,
                                   const std::string& cached);
  void forget(const kube::Resource& resource, const kube::ObjectKey& key);
  size_t size() const;

 private:
  struct Answer {
    std::string resource_version;
    std::string text;
    int looks = 0;
  };
  static constexpr int kLongest = 20;
  using Place =
      std::tuple<std::string_view, std::string_view, kube::ObjectKey>;  // group and plural are literals

  mutable std::mutex mutex_;
  std::map<Place, Answer> answers_;  // guarded by mutex_
};

}  // namespace faisca::operators
