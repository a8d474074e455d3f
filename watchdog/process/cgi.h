// The environment of a handler: the watchdog's own plus CGI-like variables of the request, as the classic
// watchdog gives them (Http_Method, Http_Path, Http_<Header> …).
//
// The base is prepared once; a request adds its variables behind it in one buffer that keeps its capacity.
// Left out on purpose: the header "Proxy", which many HTTP libraries would read back as a proxy to use
// (httpoxy, CVE-2016-5385), and headers that would shadow the watchdog's own variables. Thread: owned by one
// thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/http/body.h"
#include "lib/http/head.h"

namespace faisca::watchdog {

// `environment` (as environ) without the watchdog's own settings (FAISCA_…). FAISCA_HOME and FAISCA_INSTANCE
// stay: by them a platform finds the leftovers of an earlier one.
std::vector<std::string> base_environment(const char* const* environment);

class HandlerEnvironment {
 public:
  // `base` must outlive this.
  explicit HandlerEnvironment(const std::vector<std::string>& base) : base_(base) {}

  // Replaces the variables of the previous request.
  void set_request(const http::RequestHead& head, const http::Framing& framing);
  void clear_request();
  // For execve; valid until the next call.
  char* const* pointers();

 private:
  void add(std::string_view name, std::string_view value);
  void add_header(const http::Header& header);

  const std::vector<std::string>& base_;
  std::string text_;             // the request's variables, each ended by NUL
  std::vector<size_t> offsets_;  // of each in text_
  std::vector<char*> pointers_;
};

// "x-call-id" → "X_Call_Id", the form of Go's canonical header names, which handlers of the classic watchdog
// expect.
void append_cgi_name(std::string& out, std::string_view header_name);

// %XX decoded; a broken escape stays as it is, and so does %00, which no environment can hold.
std::string decode_path(std::string_view path);

}  // namespace faisca::watchdog
