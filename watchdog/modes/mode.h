// The seam for ways of running a handler: one file per mode in this folder. A mode turns a request into an
// Invocation. One object per reactor; what all reactors share is given to its constructor.
#pragma once

#include "lib/base/result.h"
#include "watchdog/server/exchange.h"
#include "watchdog/server/reactor.h"

namespace faisca::watchdog {

class Mode {
 public:
  virtual ~Mode() = default;
  // Never null. The Invocation answers, also with errors, from on_body_end() on (earlier only if it needs no
  // more body).
  virtual Invocation* begin(const Request& request, Exchange& exchange) = 0;
  // Whether a request sent now could be served: for /_/ready. Empty, or what is missing.
  virtual Status ready() const { return {}; }
};

// The deadline of an invocation: the limit of the settings (0: none), or the caller's X-Timeout when that is
// shorter. 0: none. A value that is not a duration is ignored.
Duration invocation_timeout(Duration limit, const http::RequestHead& head);

// An answer of the watchdog's own, not of the function: marked so that callers can tell.
inline constexpr std::string_view kInternalHeader = "X-OpenFaaS-Internal: faisca-watchdog\r\n";

}  // namespace faisca::watchdog
