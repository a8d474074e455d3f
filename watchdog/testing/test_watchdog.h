// A real watchdog process for tests: spawned with inherited sockets, its stderr in a file, ended with the
// object.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/process/spawn.h"
#include "lib/process/wait.h"

namespace faisca::watchdog {

struct Answer {
  int status = 0;                              // 0: the connection ended before an answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  bool complete = false;  // false: cut off inside the body
};

// One connection, written by hand.
class TestClient {
 public:
  explicit TestClient(uint16_t port);
  void stop();  // both directions; a send or receive on another thread returns
  void send(std::string_view bytes);
  Answer read_answer();
  bool at_end();  // the server has closed; waits for it
  void close() { socket_.reset(); }

 private:
  bool receive();
  UniqueFd socket_;
  std::string input_;
};

// Calls `condition` until it is true; false after 20 s.
bool eventually(const std::function<bool()>& condition);

class TestWatchdog {
 public:
  struct Options {
    std::string binary;
    std::vector<std::string> handler = {};  // behind --
    std::map<std::string, std::string> environment = {};
  };
  explicit TestWatchdog(Options options);
  ~TestWatchdog();  // SIGKILL if it still runs

  uint16_t port() const { return port_; }
  uint16_t metrics_port() const { return metrics_port_; }
  pid_t pid() const { return child_.pid; }
  std::filesystem::path folder() const { return folder_; }
  std::string lock_file() const { return folder_ / "lock"; }

  // On a connection of its own. `headers` are whole lines without CRLF.
  Answer request(std::string_view method, std::string_view path, std::string_view body = "",
                 const std::vector<std::string>& headers = {});
  Answer post(std::string_view body) { return request("POST", "/", body); }

  std::string log() const;
  bool wait_for_log(std::string_view text) const;
  void signal(int number);
  process::Exit wait();

 private:
  std::filesystem::path folder_;
  uint16_t port_ = 0, metrics_port_ = 0;
  process::Child child_;
  bool ended_ = false;
};

}  // namespace faisca::watchdog
