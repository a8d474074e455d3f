// The seam between Faisca and where it runs: this machine (lib/cluster/embedded) or Kubernetes. Gateway,
// scaler and CLI know only this.
//
// Commands go through Cluster and return Result. State comes out of it as immutable snapshots (snapshot.h): a
// request takes the pointer once, at its start, and sees one consistent world until it ends. Thread: every
// method may be called from any thread. Commands may block for disk, processes and network: never call them
// on an HTTP reactor's thread. `snapshot` takes a lock for a copy of one pointer.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "api/types/function/function.h"
#include "lib/base/clock.h"
#include "lib/base/result.h"
#include "lib/cluster/snapshot.h"

namespace faisca::cluster {

enum class Apply {
  kCreate,
  kUpdate,
  kUpsert
};  // kCreate: kAlreadyExists if there; kUpdate: kNotFound if not

enum class Follow { kNo, kYes };
struct LogQuery {
  FunctionId function;
  std::string instance;  // empty: all
  WallTime since{};
  int tail = -1;  // the last so many lines; -1: all
  // kYes: goes on with new lines, of new instances too, until `cancel`, the sink's false, or the function's
  // removal.
  Follow follow = Follow::kNo;
  std::stop_token cancel = {};  // ends the call early, with success
};
struct LogLine {
  WallTime time;
  std::string instance;
  std::string text;
};

struct Secret {
  std::string name;
  std::string name_space;  // empty: the default one
  std::string value;       // any bytes; never logged
};

class Cluster {
 public:
  virtual ~Cluster() = default;

  // kUnavailable until the snapshot shows what there is: a gateway that starts should get no requests before.
  virtual Status ready() const = 0;
  // Never null.
  virtual SnapshotPtr snapshot() const = 0;
  // `changed` is called after every new snapshot, on the cluster's thread: return quickly. Until the handle
  // dies.
  using Subscription = std::shared_ptr<void>;
  virtual Subscription subscribe(std::function<void()> changed) = 0;

  // Checks, stores durably, then starts instances in the background. On error nothing has changed. An empty
  // namespace, here and below, is the default one.
  virtual Status apply(const api::Function& function, Apply how) = 0;
  virtual Status remove(const FunctionId& id) = 0;
  virtual Status scale(const FunctionId& id, int replicas) = 0;

  // The function with everything it was deployed with: the one in a snapshot may lack its code.
  virtual Result<api::Function> get(const FunctionId& id) = 0;

  // Where functions may be, in order; the default one is always there. Does not block.
  virtual std::vector<std::string> namespaces() const = 0;

  // Values go in and never come out. Only secrets made through this interface are listed and changed.
  virtual Result<std::vector<std::string>> secrets(const std::string& name_space) = 0;
  virtual Status put_secret(const Secret& secret, Apply how) = 0;
  virtual Status remove_secret(const std::string& name, const std::string& name_space) = 0;

  // Calls `sink` on the calling thread for each line, oldest first as far as instances agree, until it
  // returns false.
  virtual Status logs(const LogQuery& query, const std::function<bool(const LogLine&)>& sink) = 0;

  struct Info {
    std::string provider;       // "faisca"
    std::string orchestration;  // "embedded" or "kubernetes"
  };
  virtual Info info() const = 0;
};

}  // namespace faisca::cluster
