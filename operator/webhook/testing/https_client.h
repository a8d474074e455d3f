// An HTTPS client for tests of the server: blocking, with a time limit, and as rude as wanted. Thread: owned
// by one.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/unique_fd.h"

namespace faisca::webhook {

class HttpsClient {
 public:
  // Connects, and shakes hands trusting only `authority`; shook_hands() tells how that went.
  HttpsClient(std::uint16_t port, const std::string& authority);
  ~HttpsClient();

  bool shook_hands() const { return shook_hands_; }
  void send(std::string_view bytes);
  // Status and body of the next response; 0 if the server hung up instead.
  struct Answer {
    int status = 0;
    std::string body;
  };
  Answer receive();
  Answer post(const std::string& path, const std::string& body);
  bool hung_up();            // waits for it
  std::string peer() const;  // the server's certificate, PEM

 private:
  bool more();

  UniqueFd socket_;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  bool shook_hands_ = false;
  std::string input_;
};

}  // namespace faisca::webhook
