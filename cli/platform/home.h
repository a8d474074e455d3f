// The folder of an embedded platform, and the right to use it. The gateway keeps functions, artifacts and
// logs of instances in it (lib/cluster/embedded/embedded.h); this adds:
//
//   HOME/up.lock               held while `faisca up` runs; holds its pid
//   HOME/run/agent.sock        where the agent listens
//   HOME/platform/NAME.log     output of gateway and agent; one older file is kept
//   HOME/samples/…             built samples; `done` marks that they were deployed once
//
// Thread: owned by one thread.
#pragma once

#include <filesystem>
#include <string>

#include "lib/base/result.h"
#include "lib/base/unique_fd.h"

namespace faisca::cli {

class Home {
 public:
  // Makes the folder if need be and takes the lock. kFailedPrecondition when another `faisca up` holds it.
  static Result<Home> open(const std::filesystem::path& folder);
  Home(Home&&) = default;
  Home& operator=(Home&&) = default;
  // Removes the socket and its folder, if it is outside of the home.
  ~Home();

  const std::filesystem::path& folder() const { return folder_; }
  const std::filesystem::path& agent_socket() const { return agent_socket_; }
  std::filesystem::path log(const std::string& name) const { return folder_ / "platform" / (name + ".log"); }
  std::filesystem::path samples() const { return folder_ / "samples"; }

 private:
  Home(std::filesystem::path folder, UniqueFd lock) : folder_(std::move(folder)), lock_(std::move(lock)) {}
  Status place_socket();

  std::filesystem::path folder_;
  UniqueFd lock_;
  std::filesystem::path agent_socket_;
  std::filesystem::path socket_folder_;  // empty when the socket is inside of the home
};

}  // namespace faisca::cli
