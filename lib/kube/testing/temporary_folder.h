// A folder that is gone with its owner. For tests.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "lib/base/assert.h"

namespace faisca::kube::testing {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "faisca-kube-XXXXXX").string();
    FAISCA_ASSERT(mkdtemp(name.data()) != nullptr, name.c_str());
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace faisca::kube::testing
