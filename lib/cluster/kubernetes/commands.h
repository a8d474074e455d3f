// What the gateway writes to the API server: Function resources, their scale, Secrets. No state of its own.
//
// Functions are written by server-side apply as field manager "faisca-gateway": a field that a later deploy
// leaves out goes away again, and fields that others own (a nodeSelector set with kubectl) stay.
// Thread: any; calls block for the network.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "lib/cluster/cluster.h"
#include "lib/kube/client.h"

namespace faisca::cluster {

inline constexpr std::string_view kFieldManager = "faisca-gateway";
// Marks the Secrets that are made through the gateway: only these are listed and changed.
inline constexpr std::string_view kManagedByLabel = "app.kubernetes.io/managed-by";

class Commands {
 public:
  Commands(kube::Client& client, std::chrono::milliseconds timeout) : client_(client), timeout_(timeout) {}

  // The function's generation after it. Of two gateways that create the same function in the same instant
  // both succeed, and the later one's spec stays: an apply cannot be told to create only.
  Result<uint64_t> apply(const api::Function& function, Apply how);
  Status remove(const FunctionId& id);
  Status scale(const FunctionId& id, int replicas);
  Result<api::Function> get(const FunctionId& id);

  Result<std::vector<std::string>> secrets(const std::string& name_space);
  Status put_secret(const Secret& secret, Apply how);
  Status remove_secret(const std::string& name, const std::string& name_space);

 private:
  Result<kube::Json> send(kube::Request request);
  Result<kube::Json> own_secret(const std::string& name, const std::string& name_space);

  kube::Client& client_;
  const std::chrono::milliseconds timeout_;
};

// Pure parts, for tests.

// How many replicas a deployed function has from now on: what it says, else as many as before within its
// limits.
int replicas_after(const api::FunctionSpec& wanted, std::optional<int> before);

}  // namespace faisca::cluster
