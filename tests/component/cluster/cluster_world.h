// An embedded cluster in a temporary home, with the real watchdog, for tests. Waits are on snapshots, with a
// deadline that only a broken cluster reaches.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lib/cluster/embedded/embedded.h"

namespace faisca::cluster {

class ClusterWorld {
 public:
  ClusterWorld();
  ~ClusterWorld();

  EmbeddedSettings settings;  // may be changed before `open`

  Cluster& open();
  void close() { cluster_.reset(); }
  Cluster& cluster() { return *cluster_; }
  Result<std::unique_ptr<Cluster>> try_open() { return open_embedded(settings); }
  const std::filesystem::path& home() const { return settings.home; }

  // The function as it is when `condition` holds; an empty state with `reason` "(gave up)" otherwise.
  FunctionState wait_for(const std::string& name, const std::function<bool(const FunctionState&)>& condition);
  FunctionState wait_ready(const std::string& name, size_t count);
  // True once it does.
  static bool eventually(const std::function<bool()>& condition);

  // The body of the answer of one of its instances to a POST; "error: …" otherwise.
  std::string invoke(const std::string& name, const std::string& body);
  // All log lines of a function, "text\n" each.
  std::string logs(const std::string& name);

  // Writes an executable script and returns its path.
  std::string script(const std::string& name, const std::string& text);
  // Processes that carry this home's marks.
  std::vector<pid_t> marked_processes() const;

 private:
  std::unique_ptr<Cluster> cluster_;
};

// `command` must be absolute, or a word for PATH.
api::Function function(const std::string& name, std::vector<std::string> command);
api::Function inline_function(const std::string& name, const std::string& runtime, const std::string& code);

std::string post(uint16_t port, const std::string& body);

}  // namespace faisca::cluster
