// The files that functions run from: HOME/artifacts/SHA256/, made once per content and shared.
//
//   source.archive   the unpacked archive
//   source.inline    handler.py, handler.sh or handler.js
//   offload          object.o
//
// Invariants: 1. a folder under its final name is complete (unpacked under a temporary name, then renamed);
//             2. it exists as long as someone holds its lease; the last lease removes it, unless `keep_all`
//             was called.
// Thread: any; guarded by a mutex. Outlives its leases.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "api/types/function/function.h"
#include "lib/base/result.h"

namespace faisca::cluster {

class ArtifactStore {
 public:
  class Lease {
   public:
    Lease(ArtifactStore& store, std::string id) : store_(store), id_(std::move(id)) {}
    ~Lease() { store_.drop(id_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    std::filesystem::path folder() const { return store_.folder_ / id_; }

   private:
    ArtifactStore& store_;
    const std::string id_;
  };
  using LeasePtr = std::shared_ptr<const Lease>;

  explicit ArtifactStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Makes the function's folder, or takes the one that is there. Null for a function that needs none.
  // Checks the archive's sum (kInvalidArgument) and the eBPF object (what the verifier says).
  Result<LeasePtr> prepare(const api::Function& function);

  // After the deployed functions took their leases: removes every other folder.
  void remove_unused();
  // From now on no folder is removed: the platform stops, its functions stay deployed.
  void keep_all();

 private:
  void drop(const std::string& id);
  Status make(const api::FunctionSpec& spec, const std::string& id);

  const std::filesystem::path folder_;
  std::mutex mutex_;  // guards what follows, and making and removing folders
  std::map<std::string, std::weak_ptr<const Lease>> leases_;
  bool keep_ = false;
};

}  // namespace faisca::cluster
