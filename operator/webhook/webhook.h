// The validating webhook of Functions with offload, whole: certificates, their renewal, the HTTPS server.
//
// Runs on every operator, whether it leads or not: the API server asks any of them. The path is
// /validate/function; everything else is 404. Thread: one of its own looks after the certificates; the server
// has a few. start() returns at once: the server comes up as soon as there are certificates (ready()), and
// the destructor ends it all.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <stop_token>
#include <thread>

#include "lib/base/clock.h"
#include "lib/kube/client.h"
#include "operator/webhook/keeper.h"
#include "operator/webhook/server.h"

namespace faisca::webhook {

inline constexpr char kPath[] = "/validate/function";

struct WebhookSettings {
  ServerSettings server;
  KeeperSettings keeper;
  std::chrono::milliseconds look{10'000};  // at Secret and configuration
  std::chrono::milliseconds retry{2'000};  // after a failure, and until there is a configuration
};

// What an installation of the chart has: Secret and Service in `space`, configuration "faisca".
WebhookSettings webhook_settings(const std::string& space, const std::string& address, std::uint16_t port);

class Webhook {
 public:
  // `client` and `clock` outlive it. An address that cannot be listened on is logged and tried again.
  static std::unique_ptr<Webhook> start(kube::Client& client, const Clock& clock, WebhookSettings settings);

  bool ready() const { return port_ != 0; }
  std::uint16_t port() const { return port_; }  // 0 until ready

 private:
  Webhook(kube::Client& client, const Clock& clock, WebhookSettings settings);
  void run(const std::stop_token& stop);
  Status step();
  static HttpResponse answer(const HttpRequest& request);

  const WebhookSettings settings_;
  Keeper keeper_;  // of thread_
  TlsSlot tls_;
  Certificates certificates_;       // of thread_: in use
  std::unique_ptr<Server> server_;  // of thread_
  std::atomic<std::uint16_t> port_ = 0;
  std::jthread thread_;
};

}  // namespace faisca::webhook
