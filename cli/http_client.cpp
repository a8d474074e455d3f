#include "cli/http_client.h"

#include <cpprest/http_client.h>
#include <pplx/threadpool.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>

namespace faisca::cli {
namespace {

namespace http = web::http;

// cpprestsdk starts forty threads otherwise.
void use_few_threads() {
  static std::once_flag once;
  std::call_once(once, [] { crossplat::threadpool::initialize_with_threads(2); });
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return text;
}

tl::unexpected<Error> explain(const HttpRequest& request, const std::string& reason, bool timed_out) {
  if (timed_out)
    return fail(Code::kDeadlineExceeded,
                request.base + " did not answer within " + std::to_string(request.timeout.count()) + " ms",
                "is the function still running? its log may tell: faisca logs NAME");
  return fail(
      Code::kUnavailable, "no answer from " + request.base + ": " + reason,
      "start the platform with `faisca up`, or name another gateway with --gateway or FAISCA_GATEWAY");
}

http::http_request make_request(const HttpRequest& request) {
  http::http_request message(request.method);
  message.set_request_uri(web::uri(request.path));
  for (const auto& [name, value] : request.headers) message.headers().add(name, value);
  message.headers().add("User-Agent", "faisca");
  if (!request.body.empty() || !request.content_type.empty())
    message.set_body(request.body,
                     request.content_type.empty() ? "application/octet-stream" : request.content_type);
  return message;
}

// Reads the body piece by piece, so that neither its size nor its duration matters.
Status read_body(http::http_response& answer, HttpResponse& response, const BodySink& sink) {
  auto buffer = answer.body().streambuf();
  std::array<uint8_t, 16384> piece;
  for (;;) {
    // Waits for one byte, then takes what is already there.
    const auto first = buffer.bumpc().get();
    if (first == decltype(buffer)::traits::eof()) return {};
    piece[0] = static_cast<uint8_t>(first);
    size_t count = 1;
    const size_t more = std::min(buffer.in_avail(), piece.size() - 1);
    if (more > 0) count += buffer.getn(piece.data() + 1, more).get();
    const std::string_view text(reinterpret_cast<const char*>(piece.data()), count);
    if (!sink)
      response.body.append(text);
    else if (!sink(text))
      return fail(Code::kCancelled, "stopped reading the answer");
  }
}

}  // namespace

Result<HttpResponse> send(const HttpRequest& request) { return send(request, nullptr); }

Result<HttpResponse> send(const HttpRequest& request,
                          const std::function<BodySink(const HttpResponse&)>& head) {
  use_few_threads();
  std::optional<http::client::http_client> client;
  std::optional<http::http_request> message;
  try {
    http::client::http_client_config config;
    config.set_timeout(request.timeout);
    const web::uri base(request.base);
    if (base.scheme() != "http" && base.scheme() != "https")
      throw web::uri_exception("it must begin with http:// or https://");
    client.emplace(base, config);
    message.emplace(make_request(request));
  } catch (const std::exception& error) {
    return fail(Code::kInvalidArgument,
                "\"" + request.base + "\" is not the URL of a gateway: " + error.what(),
                "write it like http://127.0.0.1:8080");
  }
  try {
    HttpResponse response;
    http::http_response answer = client->request(*message).get();
    response.status = answer.status_code();
    for (const auto& [name, value] : answer.headers()) response.headers[lower(name)] = value;
    FAISCA_CHECK_OK(read_body(answer, response, head ? head(response) : BodySink()));
    return response;
  } catch (const http::http_exception& error) {
    return explain(request, error.what(), error.error_code() == std::errc::timed_out);
  } catch (const std::exception& error) {
    return explain(request, error.what(), false);
  }
}

std::string url_escape(std::string_view text) { return web::uri::encode_data_string(std::string(text)); }

}  // namespace faisca::cli
