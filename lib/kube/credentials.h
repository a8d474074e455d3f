// The Authorization header, from a token, a file that kubelet rotates, or an exec plugin.
// Internal to lib/kube. Thread: any.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "lib/base/clock.h"
#include "lib/kube/config.h"

namespace faisca::kube {

// What an exec plugin prints.
struct ExecCredential {
  std::string token;
  std::optional<WallTime> expires;
};
Result<ExecCredential> parse_exec_credential(std::string_view json);
// Runs the plugin; at most 30 s. Its stderr goes into the error.
Result<ExecCredential> run_exec_plugin(const ExecPlugin& plugin);

class Credentials {
 public:
  Credentials(Material token, ExecPlugin exec, const Clock& clock)
      : token_(std::move(token)), exec_(std::move(exec)), clock_(clock) {}

  // "Bearer …", or "" when there is no token. A token file is read again when it was replaced, a plugin is
  // run again shortly before its credential expires.
  Result<std::string> authorization();
  // The server answered 401: get it anew next time. True if that may help.
  bool refused();

 private:
  struct Stamp {
    int64_t modified_ns = 0;
    uint64_t inode = 0;
    uint64_t size = 0;
    bool operator==(const Stamp&) const = default;
  };
  Result<std::string> from_file();
  Result<std::string> from_plugin();
  static std::optional<Stamp> stamp_of(const std::filesystem::path& file);

  const Material token_;
  const ExecPlugin exec_;
  const Clock& clock_;
  std::mutex mutex_;  // guards all below
  std::string known_;
  std::optional<Stamp> stamp_;
  std::optional<WallTime> expires_;
};

}  // namespace faisca::kube
