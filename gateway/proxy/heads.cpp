#include "gateway/proxy/heads.h"

#include "lib/base/version.h"
#include "lib/http/write.h"

namespace faisca::gateway {
namespace {

using http::append_header;
using http::Field;

void append_connection(std::string& out, const Call& call, After after) {
  if (after == After::kClose) {
    append_header(out, "Connection", "close");
  } else if (call.client_minor == 0) {
    append_header(out, "Connection", "keep-alive");
  }
}

}  // namespace

const std::string kServedBy = std::string("faisca/") + kVersion;

void write_instance_head(std::string& out, const http::RequestHead& head, std::string_view rest,
                         const Call& call, const http::Framing& framing, std::string_view client_address) {
  out += head.method;
  out += ' ';
  out += rest;
  if (head.query.data() != nullptr) {
    out += '?';
    out += head.query;
  }
  out += " HTTP/1.1\r\n";
  append_header(out, "Host", head.host.empty() ? std::string_view("localhost") : head.host);
  bool has_forwarded_for = false;
  bool has_forwarded_host = false;
  for (const http::Header& header : head.headers) {
    switch (header.field) {
      case Field::kHost:
      case Field::kContentLength:
      case Field::kExpect:
      case Field::kXCallId:
      case Field::kXStartTime:
        continue;
      default:
        break;
    }
    if (head.is_hop_by_hop(header)) continue;
    if (header.field == Field::kXForwardedFor) has_forwarded_for = true;
    if (header.field == Field::kXForwardedHost) has_forwarded_host = true;
    append_header(out, header.name, header.value);
  }
  append_header(out, "X-Call-Id", call.id);
  append_header(out, "X-Start-Time", call.start_ns);
  if (!has_forwarded_for) append_header(out, "X-Forwarded-For", client_address);
  if (!has_forwarded_host && !head.host.empty()) append_header(out, "X-Forwarded-Host", head.host);
  if (framing.kind == http::BodyKind::kLength) {
    append_header(out, "Content-Length", framing.length);
  } else if (framing.kind == http::BodyKind::kChunked) {
    append_header(out, "Transfer-Encoding", "chunked");
  } else if (head.find(Field::kContentLength) != nullptr) {
    append_header(out, "Content-Length", uint64_t{0});
  }
  http::end_head(out);
}

ClientBody client_body(const http::Framing& framing, const Call& call) {
  switch (framing.kind) {
    case http::BodyKind::kNone:
      return ClientBody::kNone;
    case http::BodyKind::kLength:
      return ClientBody::kLength;
    default:
      return call.client_minor == 0 ? ClientBody::kUntilClose : ClientBody::kChunked;
  }
}

void write_client_head(std::string& out, const http::ResponseHead& head, const Call& call,
                       const http::Framing& framing, After after) {
  http::append_status_line(out, head.status,
                           head.reason.empty() ? http::reason_phrase(head.status) : head.reason);
  std::string_view length;
  bool has_type = false;
  for (const http::Header& header : head.headers) {
    switch (header.field) {
      case Field::kContentLength:
        length = header.value;
        continue;
      case Field::kXCallId:
      case Field::kXStartTime:
      case Field::kXServedBy:
        continue;
      case Field::kContentType:
        has_type = true;
        break;
      default:
        break;
    }
    if (head.is_hop_by_hop(header)) continue;
    append_header(out, header.name, header.value);
  }
  if (!has_type && framing.has_body()) {
    append_header(out, "Content-Type",
                  call.content_type.empty() ? "text/plain" : std::string_view(call.content_type));
  }
  append_header(out, "X-Call-Id", call.id);
  append_header(out, "X-Start-Time", call.start_ns);
  append_header(out, "X-Served-By", kServedBy);
  uint64_t number = 0;
  switch (client_body(framing, call)) {
    case ClientBody::kLength:
      append_header(out, "Content-Length", framing.length);
      break;
    case ClientBody::kChunked:
      append_header(out, "Transfer-Encoding", "chunked");
      break;
    case ClientBody::kUntilClose:
      break;
    case ClientBody::kNone:
      // What a GET would have (HEAD) or has (304); 1xx and 204 carry none (RFC 9110 §8.6).
      if (call.is_head() || head.status == 304) {
        if (http::parse_content_length(length, number)) append_header(out, "Content-Length", number);
      } else if (head.status != 204) {
        append_header(out, "Content-Length", uint64_t{0});
      }
      break;
  }
  append_connection(out, call, after);
  http::end_head(out);
}

}  // namespace faisca::gateway
