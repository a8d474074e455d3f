// HTTP requests as values. The only file that knows cpprestsdk is http_client.cpp; its exceptions end there.
// Thread: any; a call blocks until the answer is complete or the deadline has passed.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace faisca::cli {

struct HttpRequest {
  std::string method = "GET";
  std::string base;  // "http://127.0.0.1:8080"
  std::string path;  // begins with "/", already escaped; may hold a query
  std::string body;
  std::string content_type;  // only sent with a body
  std::map<std::string, std::string> headers;
  std::chrono::milliseconds timeout{60'000};  // between two pieces of the answer
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // empty when a sink took it
};

// Gets each piece of the body as it arrives; false ends the transfer.
using BodySink = std::function<bool(std::string_view)>;

// Any status is a result. kUnavailable: no answer; kDeadlineExceeded: not in time; kInvalidArgument: no such
// URL; kCancelled: the sink said so.
Result<HttpResponse> send(const HttpRequest& request);
// The same; `head` sees status and headers first and says who gets the body: the sink, or (null) the
// response.
Result<HttpResponse> send(const HttpRequest& request,
                          const std::function<BodySink(const HttpResponse&)>& head);

// "a b/c" → "a%20b%2Fc": one segment of a path, or a value of a query.
std::string url_escape(std::string_view text);

}  // namespace faisca::cli
