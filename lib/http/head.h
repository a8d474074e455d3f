// Heads of HTTP/1.1 messages (RFC 9112 §2-5), parsed strictly over the caller's bytes.
//
// Two steps, so that a head arriving byte by byte is not parsed again and again: a HeadScanner finds the end
// as bytes come in, then parse_…_head reads the whole head once. All views point into the caller's buffer,
// which must not move or change while they are used. Strict means: what two parsers could read differently
// (RFC 9112 §11.2) is refused, never repaired: bare LF or CR, space before a colon, folded lines, control
// characters, missing or doubled Host. The one liberty kept is a single empty line before a request line
// (§2.2). Thread: owned by one thread. Errors: Problem; a request's problem is answered and the connection
// closed.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "lib/http/field.h"
#include "lib/http/problem.h"

namespace faisca::http {

struct HeadLimits {
  size_t bytes = 64 * 1024;        // first line and all headers
  size_t target_bytes = 8 * 1024;  // request target
  size_t headers = 128;            // header lines
};

// Finds the empty line that ends a head. Call `scan` with all the bytes so far each time some have come.
class HeadScanner {
 public:
  enum class State { kMore, kDone, kBad };

  explicit HeadScanner(HeadLimits limits = {}) : limits_(limits) {}
  State scan(std::string_view bytes);
  void reset() { *this = HeadScanner(limits_); }

  size_t head_size() const { return head_size_; }      // after kDone: bytes of the head with its empty line
  const Problem& problem() const { return problem_; }  // after kBad

 private:
  State bad(int status, std::string_view reason);

  HeadLimits limits_;
  size_t scanned_ = 0;     // bytes looked at
  size_t line_start_ = 0;  // where the line being looked at begins
  bool first_line_ = true;
  size_t head_size_ = 0;
  Problem problem_;
};

struct Header {
  std::string_view name;
  std::string_view value;  // without white space around it
  Field field = Field::kOther;
};

// What both kinds of head have in common.
struct Head {
  int minor_version = 1;  // HTTP/1.x; x > 1 is taken as 1
  std::vector<Header> headers;

  // The first header with this name; nullptr without one.
  const Header* find(Field field) const;
  const Header* find(std::string_view name) const;
  std::string_view value(Field field) const;  // "" without one
  std::string_view value(std::string_view name) const;

  // Whether the connection may be used for another message after this one (RFC 9112 §9.3).
  bool keep_alive() const;
  // Whether `name` must not be passed on: hop-by-hop by itself or named in Connection (RFC 9110 §7.6.1).
  bool is_hop_by_hop(const Header& header) const;
};

struct RequestHead : Head {
  std::string_view method;
  std::string_view target;  // as sent
  std::string_view path;    // of the target: from "/" to "?"; "*" for OPTIONS *; "" for CONNECT
  std::string_view query;   // after "?", without it
  std::string_view host;    // from an absolute target, else the Host header

  void clear();
};

struct ResponseHead : Head {
  int status = 0;  // 100 to 599
  std::string_view reason;

  void clear();
};

// `bytes` is one head with its empty line, as a HeadScanner found it. `head` keeps its capacity from call to
// call.
Problem parse_request_head(std::string_view bytes, RequestHead& head, const HeadLimits& limits = {});
Problem parse_response_head(std::string_view bytes, ResponseHead& head, const HeadLimits& limits = {});

}  // namespace faisca::http
