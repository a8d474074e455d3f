// Durations and sizes as people write them in YAML, flags and OpenFaaS environments.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace faisca {

// Go duration text ("1h30m", "250ms", "1.5s") or a bare number of seconds ("30"), not negative, at most 10
// years. Grammar: https://pkg.go.dev/time#ParseDuration
Result<std::chrono::nanoseconds> parse_duration(std::string_view text);

// The shortest Go text that parses back to the same value: "1h30m", "250ms", "0s".
std::string format_duration(std::chrono::nanoseconds duration);

// A Kubernetes quantity of bytes: "64Ki", "10Mi", "1Gi", "500k", "1M", or plain bytes.
// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
Result<uint64_t> parse_bytes(std::string_view text);
std::string format_bytes(uint64_t bytes);

}  // namespace faisca
