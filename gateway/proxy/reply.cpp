#include "gateway/proxy/reply.h"

#include "gateway/proxy/heads.h"
#include "lib/http/write.h"

namespace faisca::gateway {

namespace {

void append_call_headers(std::string& out, const Call& call, bool keep_alive) {
  if (!call.id.empty()) {
    http::append_date(out, static_cast<std::time_t>(call.start_ns / 1'000'000'000));
    http::append_header(out, "X-Call-Id", call.id);
    http::append_header(out, "X-Start-Time", call.start_ns);
  }
  http::append_header(out, "X-Served-By", kServedBy);
  if (!keep_alive) {
    http::append_header(out, "Connection", "close");
  } else if (call.client_minor == 0) {
    http::append_header(out, "Connection", "keep-alive");
  }
}

}  // namespace

std::string answer_text(const Answer& answer, const Call& call, bool keep_alive) {
  std::string out;
  out.reserve(512 + answer.body.size());
  http::append_status_line(out, answer.status);
  if (answer.status != 204) {
    if (!answer.body.empty()) http::append_header(out, "Content-Type", answer.content_type);
    http::append_header(out, "Content-Length", answer.body.size());
  }
  for (const auto& [name, value] : answer.headers) http::append_header(out, name, value);
  if (answer.status >= 400) http::append_header(out, "X-OpenFaaS-Internal", "gateway");
  append_call_headers(out, call, keep_alive);
  http::end_head(out);
  if (!call.is_head()) out += answer.body;
  return out;
}

std::string stream_head_text(std::string_view content_type, const Call& call, bool keep_alive) {
  std::string out;
  http::append_status_line(out, 200);
  http::append_header(out, "Content-Type", content_type);
  if (call.client_minor > 0) http::append_header(out, "Transfer-Encoding", "chunked");
  append_call_headers(out, call, keep_alive && call.client_minor > 0);
  http::end_head(out);
  return out;
}

io::Task<Outcome> reply(Client& client, const Answer& answer, bool reusable) {
  const bool keep = reusable && client.call.keep_alive && !client.shard.draining;
  const std::string text = answer_text(answer, client.call, keep);
  const SteadyTime deadline = std::chrono::steady_clock::now() + client.shard.shared.settings.head;
  const io::Io io = co_await client.stream.write({text, "", "", ""}, deadline);
  co_return Outcome{answer.status, keep && io.ok()};
}

}  // namespace faisca::gateway
