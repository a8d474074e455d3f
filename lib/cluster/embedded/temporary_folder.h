// For tests: a folder that goes away with its owner.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "lib/base/assert.h"

namespace faisca::cluster {

struct TemporaryFolder {
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "faisca-test-XXXXXX").string();
    FAISCA_ASSERT(::mkdtemp(name.data()), "no temporary folder");
    path = name;
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path path;
};

}  // namespace faisca::cluster
