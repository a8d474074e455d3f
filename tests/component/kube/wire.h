// A TCP proxy in front of a server, so that a test can cut connections, hold them or let none through. TLS
// goes through untouched. Thread: one of its own; any may call.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <string>
#include <thread>

#include "lib/base/unique_fd.h"

namespace faisca::kube {

class Wire {
 public:
  // `server` as in a kubeconfig: "https://127.0.0.1:6443".
  explicit Wire(const std::string& server);
  ~Wire();

  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }

  enum class Mode {
    kOpen,
    kClosed,  // connections are reset, new ones at once
    kFrozen,  // bytes stay where they are: a peer that has gone without a word
  };
  void set(Mode mode);
  // Resets what is connected now.
  void cut();
  int connections() const { return accepted_; }  // so far

 private:
  struct Pair;
  void run();
  void poke();
  void accept_one();
  static bool carry(Pair& pair);

  uint16_t server_port_ = 0;
  uint16_t port_ = 0;
  UniqueFd listener_;
  UniqueFd event_;
  std::atomic<Mode> mode_{Mode::kOpen};
  std::atomic<bool> cut_{false};
  std::atomic<bool> stop_{false};
  std::atomic<int> accepted_{0};
  std::list<Pair> pairs_;  // the thread's
  std::jthread thread_;
};

}  // namespace faisca::kube
