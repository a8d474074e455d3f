// What is deployed, on disk: FOLDER/NAME.yaml, one Function each, with the platform's own figures as
// annotations (faisca.dev/generation, /created-at, /replicas) that never leave this file. A save replaces the
// file atomically: after a crash or on a full disk the old version is there, whole. Thread: one at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "api/types/function/function.h"
#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace faisca::cluster {

struct Deployment {
  api::Function function;
  uint64_t generation = 1;  // grows with every change of the spec
  WallTime created_at{};    // whole seconds
  int replicas = 1;         // wanted
};

class FunctionStore {
 public:
  struct SetAside {
    std::filesystem::path file;  // its new name, NAME.yaml.corrupt
    Error error;
  };
  struct Contents {
    std::vector<Deployment> deployments;  // by name
    std::vector<SetAside> corrupt;
  };

  explicit FunctionStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Creates the folder, removes what an interrupted save left, reads every file. A file without the
  // annotations (put there by hand) gets generation 1, created_at `now` and its scale.min, at least 1,
  // replicas.
  Result<Contents> load(WallTime now);
  Status save(const Deployment& deployment);
  Status erase(const std::string& name);

 private:
  Result<Deployment> load_file(const std::filesystem::path& file, WallTime now) const;
  std::filesystem::path path_of(const std::string& name) const { return folder_ / (name + ".yaml"); }

  std::filesystem::path folder_;
};

}  // namespace faisca::cluster
