#include "operator/webhook/testing/https_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cstdlib>

#include "operator/webhook/openssl.h"

namespace faisca::webhook {

HttpsClient::HttpsClient(std::uint16_t port, const std::string& authority)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), context_(SSL_CTX_new(TLS_client_method())) {
  const timeval longest{20, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  if (const auto trusted = read_certificate(authority))
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), trusted->get());
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  ssl_ = SSL_new(context_);
  SSL_set_fd(ssl_, socket_.get());
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), "127.0.0.1");
  shook_hands_ = SSL_connect(ssl_) == 1;
}

HttpsClient::~HttpsClient() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
}

void HttpsClient::send(std::string_view bytes) {
  if (!bytes.empty()) (void)SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
}

bool HttpsClient::more() {
  std::array<char, 4096> bytes;
  const int got = SSL_read(ssl_, bytes.data(), bytes.size());
  if (got > 0) input_.append(bytes.data(), static_cast<std::size_t>(got));
  return got > 0;
}

HttpsClient::Answer HttpsClient::receive() {
  std::size_t end;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return {};
  const std::size_t length = std::strtoul(input_.c_str() + input_.find("Content-Length: ") + 16, nullptr, 10);
  while (input_.size() < end + 4 + length)
    if (!more()) return {};
  Answer answer{std::atoi(input_.c_str() + 9), input_.substr(end + 4, length)};
  input_.erase(0, end + 4 + length);
  return answer;
}

HttpsClient::Answer HttpsClient::post(const std::string& path, const std::string& body) {
  send("POST " + path + " HTTP/1.1\r\nHost: webhook\r\nContent-Length: " + std::to_string(body.size()) +
       "\r\n\r\n" + body);
  return receive();
}

bool HttpsClient::hung_up() {
  while (more()) {
  }
  // A time-out is not the server's doing.
  return SSL_get_shutdown(ssl_) != 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

std::string HttpsClient::peer() const {
  const CertificatePtr certificate(SSL_get1_peer_certificate(ssl_));
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!certificate || PEM_write_bio_X509(bio.get(), certificate.get()) != 1) return "";
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace faisca::webhook
