// One run of the command line in a test, with its output caught.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "cli/app.h"

namespace faisca::cli {

struct Ran {
  int code = 0;
  std::string out, err;
};

inline Ran run(const std::vector<std::string>& arguments, const std::string& gateway = "http://127.0.0.1:1",
               const std::string& input = "") {
  std::ostringstream out, err;
  std::istringstream in(input);
  Context context;
  context.out = &out;
  context.err = &err;
  context.in = &in;
  context.gateway = gateway;
  context.environment = {"PATH=/usr/local/bin:/usr/bin:/bin"};
  const int code = run_app(arguments, context);
  return {code, out.str(), err.str()};
}

// A new empty folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "faisca-cli-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace faisca::cli
