// Request methods as a small number, for tables of metrics. Thread: pure.
#pragma once

#include <array>
#include <string_view>

namespace faisca::watchdog {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };
inline constexpr size_t kMethodCount = 8;

inline constexpr std::array<std::string_view, kMethodCount> kMethodNames = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", ""};
// As the OpenFaaS watchdogs label their metrics.
inline constexpr std::array<std::string_view, kMethodCount> kMethodLabels = {
    "get", "head", "post", "put", "patch", "delete", "options", "unknown"};

// Methods are case-sensitive (RFC 9110 §9.1).
inline Method method_of(std::string_view name) {
  for (size_t i = 0; i + 1 < kMethodCount; ++i)
    if (kMethodNames[i] == name) return static_cast<Method>(i);
  return Method::kOther;
}

inline std::string_view method_label(Method method) { return kMethodLabels[static_cast<size_t>(method)]; }

}  // namespace faisca::watchdog
