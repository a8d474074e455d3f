// A request to the API server as a value, and the ways to make one.
//
//   client.send(get(kDeployments, {"default", "hello"}))
//   client.send(list(kPods, {.space = "default", .label_selector = "app=x"}))
//
// Nothing here does I/O. Thread: plain values.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "lib/kube/json.h"
#include "lib/kube/resource.h"

namespace faisca::kube {

enum class Verb {
  kGet,         // of one object, or of its subresource
  kList,        // of a collection, or one page of it
  kCreate,      // POST, to the collection or to an object's subresource (a token, an eviction)
  kUpdate,      // PUT: fails with kAborted if the body's resourceVersion is not the stored one
  kApply,       // PATCH, server-side apply
  kMergePatch,  // PATCH, RFC 7396
  kDelete,
};

struct Request {
  Verb verb = Verb::kGet;
  Resource resource;
  ObjectKey key;            // an empty name for kList; an empty space there: all namespaces
  std::string subresource;  // "status", "scale", "log"; may be empty
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;  // JSON
  std::chrono::milliseconds timeout{30'000};
  std::stop_token stop;  // ends the call early, with kCancelled

  // "/apis/apps/v1/namespaces/default/deployments/hello/status?fieldManager=x", escaped.
  std::string path() const;
  // "patch", "get", …: as in an RBAC rule, for messages and metrics.
  std::string_view rbac_verb() const;
  // "patch deployments default/hello", for "while …".
  std::string text() const;
};

Request get(const Resource& resource, ObjectKey key);

struct ListOptions {
  std::string space;           // empty: all namespaces
  std::string label_selector;  // "a=b,c!=d"
  std::string field_selector;  // "metadata.name=x"
  int limit = 0;               // objects a page; 0: all in one answer
  std::string continue_token;  // of the page before
};
Request list(const Resource& resource, const ListOptions& options = {});

// `object` says namespace and name itself. apiVersion and kind are filled in from `resource` when missing.
Request create(const Resource& resource, const Json& object);
Request update(const Resource& resource, const Json& object, std::string subresource = "");

// Server-side apply of exactly the fields in `object`, taking them over from other managers if they conflict.
// https://kubernetes.io/docs/reference/using-api/server-side-apply/
enum class Conflicts { kTakeOver, kFail };
Request apply(const Resource& resource, const Json& object, std::string_view field_manager,
              std::string subresource = "", Conflicts conflicts = Conflicts::kTakeOver);

Request merge_patch(const Resource& resource, ObjectKey key, const Json& patch, std::string subresource = "");

enum class Propagation { kBackground, kForeground, kOrphan };
struct Preconditions {
  std::string uid;               // delete only this incarnation; empty: any
  std::string resource_version;  // delete only this version; empty: any
};
Request remove(const Resource& resource, ObjectKey key, Propagation propagation = Propagation::kBackground,
               const Preconditions& only = {});

}  // namespace faisca::kube
