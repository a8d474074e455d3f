// An HTTP server that answers what a test says, in the order in which requests come, on plain TCP: for what a
// real API server does too seldom to test. Thread: one of its own, one connection after another; any may
// call.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/unique_fd.h"

namespace faisca::kube::testing {

class ScriptedServer {
 public:
  ScriptedServer();
  ~ScriptedServer();

  std::string url() const;  // "http://127.0.0.1:PORT"

  // The bytes of one answer, after which the connection is closed. Empty: closed without an answer.
  void answer(std::string bytes);
  // A whole answer with this status, headers ("Retry-After: 1\r\n") and body.
  void answer(int status, const std::string& body, const std::string& headers = "");
  // `bytes`, then silence until the client leaves.
  void answer_and_wait(std::string bytes);

  // The first lines of the requests so far, and all of them.
  std::vector<std::string> requests() const;
  std::vector<std::string> raw_requests() const;

 private:
  struct Turn {
    std::string bytes;
    bool waits = false;
  };
  void run();
  void serve(int connection);

  UniqueFd listener_;
  UniqueFd stop_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::deque<Turn> turns_;             // guarded by mutex_
  std::vector<std::string> requests_;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace faisca::kube::testing
