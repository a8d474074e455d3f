// An HTTP server for the tests of what talks to a gateway: real sockets, answers from a function, one
// connection at a time. Thread: answers on one of its own.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/unique_fd.h"

namespace faisca::cli {

class FakeServer {
 public:
  struct Request {
    std::string method, target, body;
    std::string head;  // in lower case, for looking up fields
  };
  // Returns the whole response, head and body, as bytes.
  using Answer = std::function<std::string(const Request&)>;

  explicit FakeServer(Answer answer);
  ~FakeServer();
  std::string url() const;

  // "HTTP/1.1 200 OK" with Content-Length and the connection's end.
  static std::string response(int status, const std::string& body,
                              const std::string& content_type = "application/json");

 private:
  void serve();
  void answer_one(int client);

  Answer answer_;
  UniqueFd listener_;
  UniqueFd stop_;
  std::thread thread_;
};

}  // namespace faisca::cli
