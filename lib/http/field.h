// The header names this code acts on, recognised once while a head is parsed, so that later passes switch on
// a number. Thread: pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace faisca::http {

enum class Field : uint8_t {
  kOther,
  kAccept,
  kConnection,
  kContentLength,
  kContentType,
  kDate,
  kExpect,
  kHost,
  kKeepAlive,
  kProxyConnection,
  kServer,
  kTe,
  kTrailer,
  kTransferEncoding,
  kUpgrade,
  kXCallId,
  kXForwardedFor,
  kXForwardedHost,
  kXServedBy,
  kXStartTime,
};

// Compares without regard to case (RFC 9110 §5.1).
Field classify(std::string_view name);

// ASCII only, as all of HTTP's protocol elements.
bool equal_ignoring_case(std::string_view a, std::string_view b);

// Calls `each` for every non-empty member of a comma-separated list (RFC 9110 §5.6.1) without quoted strings.
template <class Each>
void for_each_member(std::string_view list, Each each) {
  while (!list.empty()) {
    const size_t comma = list.find(',');
    std::string_view member = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    while (!member.empty() && (member.front() == ' ' || member.front() == '\t')) member.remove_prefix(1);
    while (!member.empty() && (member.back() == ' ' || member.back() == '\t')) member.remove_suffix(1);
    if (!member.empty()) each(member);
  }
}

}  // namespace faisca::http
