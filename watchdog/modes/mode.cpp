#include "watchdog/modes/mode.h"

#include <algorithm>

#include "lib/base/duration.h"

namespace faisca::watchdog {

Duration invocation_timeout(Duration limit, const http::RequestHead& head) {
  const std::string_view text = head.value("X-Timeout");
  if (text.empty()) return limit;
  const Result<Duration> asked = parse_duration(text);
  if (!asked || *asked <= Duration::zero()) return limit;
  return limit <= Duration::zero() ? *asked : std::min(limit, *asked);
}

}  // namespace faisca::watchdog
