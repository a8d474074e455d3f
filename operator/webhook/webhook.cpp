#include "operator/webhook/webhook.h"

#include <condition_variable>
#include <mutex>

#include "lib/base/log.h"
#include "operator/webhook/review.h"

namespace faisca::webhook {
namespace {

constexpr char kName[] = "faisca-webhook";

}  // namespace

WebhookSettings webhook_settings(const std::string& space, const std::string& address, std::uint16_t port) {
  WebhookSettings settings;
  settings.server.address = address;
  settings.server.port = port;
  settings.keeper.secret = {space, std::string(kName) + "-tls"};
  settings.keeper.configuration = "faisca";
  settings.keeper.names = {std::string(kName) + "." + space + ".svc",
                           std::string(kName) + "." + space + ".svc.cluster.local"};
  return settings;
}

Webhook::Webhook(kube::Client& client, const Clock& clock, WebhookSettings settings)
    : settings_(std::move(settings)), keeper_(client, clock, settings_.keeper) {}

std::unique_ptr<Webhook> Webhook::start(kube::Client& client, const Clock& clock, WebhookSettings settings) {
  std::unique_ptr<Webhook> webhook(new Webhook(client, clock, std::move(settings)));
  webhook->thread_ = std::jthread([raw = webhook.get()](const std::stop_token& stop) { raw->run(stop); });
  return webhook;
}

void Webhook::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::string last_error;
  while (!stop.stop_requested()) {
    const Status done = step();
    const std::string text = done ? "" : done.error().text();
    if (!done && text != last_error)
      log_warning("webhook's certificates are not settled", {{"error", done.error()}});
    last_error = text;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, done ? settings_.look : settings_.retry, [] { return false; });
  }
  server_.reset();
}

Status Webhook::step() {
  auto certificates = keeper_.keep_certificates();
  // Once more: now another operator's are there.
  if (!certificates && certificates.error().code == Code::kAborted)
    certificates = keeper_.keep_certificates();
  if (!certificates) return fail(std::move(certificates).error());
  if (*certificates != certificates_) {
    FAISCA_CHECK_OK(tls_.set(*certificates));
    certificates_ = *certificates;
  }
  if (!server_) {
    FAISCA_TRY(server, Server::start(settings_.server, tls_, answer));
    server_ = std::move(server);
    port_ = server_->port();
    log_info("webhook ready", {{"port", server_->port()}});
  }
  return keeper_.keep_bundle(certificates_);
}

HttpResponse Webhook::answer(const HttpRequest& request) {
  if (request.path != kPath)
    return {.status = 404,
            .content_type = "text/plain",
            .body = "there is nothing here but " + std::string(kPath) + "\n"};
  if (request.method != "POST") return {.status = 405, .content_type = "text/plain", .body = "send a POST\n"};
  auto answer = review(request.body);
  if (answer) return {.body = *std::move(answer)};
  log_warning("webhook was sent what it cannot read", {{"error", answer.error()}});
  return {.status = http_status(answer.error().code),
          .content_type = "text/plain",
          .body = answer.error().text() + "\n"};
}

}  // namespace faisca::webhook
