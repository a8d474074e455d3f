// A response that the gateway makes itself, whole in memory.
//
// Errors say which hop failed and why, as JSON: {"status":…,"hop":…,"error":…,"hint":…}. The header
// X-OpenFaaS-Internal: gateway, added when it is written, tells a platform error from a function's own.
// Thread: plain values.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/error.h"

namespace faisca::gateway {

struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};  // further ones: Allow, Retry-After
};

// `hop` names the two ends of the way that failed, for example "client to gateway".
Answer error_answer(int status, std::string_view hop, std::string_view message, std::string_view hint = "");
Answer error_answer(const Error& error, std::string_view hop);

inline constexpr std::string_view kClientHop = "client to gateway";

}  // namespace faisca::gateway
