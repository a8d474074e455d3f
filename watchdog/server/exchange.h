// The seam between the HTTP server and what answers: an Application gets each request and either answers at
// once or hands out an Invocation, which gets the body and answers later through the Exchange.
//
// Invariants
// 1. An Invocation answers exactly once (respond, or start … finish/abort), or is cancelled before; never
// after cancel().
// 2. After its answer is complete, or after cancel(), the Exchange does not touch the Invocation again: it
// may free itself.
// 3. Views in Request are valid during begin() only.
// Thread: all on the reactor of the connection.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/http/body.h"
#include "lib/http/head.h"
#include "watchdog/server/method.h"

namespace faisca::watchdog {

struct Request {
  const http::RequestHead& head;
  http::Framing framing;
  Method method;
};

struct Response {
  int status = 200;
  std::string_view content_type = "text/plain; charset=utf-8";
  std::string_view headers = {};  // further ones, each "Name: value\r\n"
  std::string_view body = {};
};

enum class Flow { kMore, kPause };

class Invocation {
 public:
  // kPause: no more body until Exchange::resume_body().
  virtual Flow on_body(std::string_view data) = 0;
  virtual void on_body_end() = 0;
  // After write() said kPause: the client has taken everything.
  virtual void on_writable() {}
  // The client is gone, or broke the rules in its body: stop the work, answer nothing.
  virtual void cancel() = 0;

 protected:
  ~Invocation() = default;
};

class Exchange {
 public:
  virtual void respond(const Response& response) = 0;

  // A body of unknown length: start, write …, then finish, or abort so that the client sees that it is cut
  // short.
  virtual void start(const Response& head) = 0;
  virtual Flow write(std::string_view data) = 0;
  virtual void finish() = 0;
  virtual void abort() = 0;

  virtual void resume_body() = 0;

 protected:
  ~Exchange() = default;
};

// A request whose Invocation has answered, or was cancelled.
struct Ended {
  Method method;
  int status;  // 499: the client went away first
  Duration duration;
};

class Application {
 public:
  virtual ~Application() = default;
  // The Invocation that will answer, or null when respond() was called on the spot.
  virtual Invocation* begin(const Request& request, Exchange& exchange) = 0;
  // Once per Invocation that begin() returned.
  virtual void ended(const Ended& ended) = 0;
};

}  // namespace faisca::watchdog
