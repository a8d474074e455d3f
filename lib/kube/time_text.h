// The API's times as text: metav1.Time ("2026-01-02T03:04:05Z") and metav1.MicroTime
// ("2026-01-02T03:04:05.000006Z"). Thread: pure.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace faisca::kube {

std::string time_text(WallTime time);  // cut to the second
std::string micro_time_text(WallTime time);
// RFC 3339 with any fraction and offset. kInvalidArgument names the text.
Result<WallTime> parse_time(std::string_view text);

}  // namespace faisca::kube
