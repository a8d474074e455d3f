// The seam between Faisca and where it runs: this machine (lib/cluster/embedded) or Kubernetes. Gateway,
// scaler and CLI know only this.
//
// Commands go through Cluster and return Result. State comes out of it as immutable snapshots: a request
// takes the pointer once, at its start, and sees one consistent world until it ends. Thread: every method may
// be called from any thread. Commands may block for disk and processes: never call them on an HTTP reactor's
// thread. `snapshot` is lock-free enough for every request (one atomic shared_ptr load).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "api/types/function/function.h"
#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace faisca::cluster {

// One ready instance's address: IPv4 text and port. `id` is unique for the life of an instance, never reused.
struct Endpoint {
  std::string id;
  std::string address;
  uint16_t port = 0;
};

// A function as it is now.
struct FunctionState {
  api::Function function;
  WallTime created_at;
  uint64_t generation = 0;  // grows with every change of the spec
  int replicas = 0;         // wanted
  std::vector<Endpoint> ready;
  std::string reason;  // why not `replicas` instances of this generation are ready, for people; else empty
};

struct Snapshot {
  uint64_t version = 0;  // grows with every change
  // By name; namespaces come with the Kubernetes side.
  std::map<std::string, std::shared_ptr<const FunctionState>, std::less<>> functions;
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

enum class Apply {
  kCreate,
  kUpdate,
  kUpsert
};  // kCreate: kAlreadyExists if there; kUpdate: kNotFound if not

struct LogQuery {
  std::string function;
  std::string instance;  // empty: all
  WallTime since{};
  int tail = -1;  // the last so many lines; -1: all
};
struct LogLine {
  WallTime time;
  std::string instance;
  std::string text;
};

class Cluster {
 public:
  virtual ~Cluster() = default;

  // Never null.
  virtual SnapshotPtr snapshot() const = 0;
  // `changed` is called after every new snapshot, on the cluster's thread: return quickly. Until the handle
  // dies.
  using Subscription = std::shared_ptr<void>;
  virtual Subscription subscribe(std::function<void()> changed) = 0;

  // Checks, stores durably, then starts instances in the background. On error nothing has changed.
  virtual Status apply(const api::Function& function, Apply how) = 0;
  virtual Status remove(const std::string& name) = 0;
  virtual Status scale(const std::string& name, int replicas) = 0;

  // Calls `sink` for each line, oldest first, until it returns false.
  virtual Status logs(const LogQuery& query, const std::function<bool(const LogLine&)>& sink) = 0;

  struct Info {
    std::string provider;       // "faisca"
    std::string orchestration;  // "embedded" or "kubernetes"
  };
  virtual Info info() const = 0;
};

}  // namespace faisca::cluster
