// The character classes of RFC 9110 §5.5-5.6 as one table.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace faisca::http {

inline constexpr uint8_t kTokenByte = 1;   // tchar: methods, header names
inline constexpr uint8_t kValueByte = 2;   // field-vchar, SP, HTAB, obs-text
inline constexpr uint8_t kTargetByte = 4;  // visible ASCII without "#", which would start a fragment
inline constexpr uint8_t kHostByte = 8;    // uri-host and port, RFC 3986 §3.2

inline constexpr std::array<uint8_t, 256> kCharacters = [] {
  std::array<uint8_t, 256> table{};
  for (int c = 0; c < 256; ++c) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const auto in = [c](std::string_view set) {
      return c != 0 && set.find(static_cast<char>(c)) != std::string_view::npos;
    };
    uint8_t kinds = 0;
    if (alnum || in("!#$%&'*+-.^_`|~")) kinds |= kTokenByte;
    if (c == '\t' || (c >= 0x20 && c != 0x7f)) kinds |= kValueByte;
    if (c > 0x20 && c < 0x7f && c != '#') kinds |= kTargetByte;
    if (alnum || in("-._~%!$&'()*+,;=:[]")) kinds |= kHostByte;
    table[static_cast<size_t>(c)] = kinds;
  }
  return table;
}();

inline bool all_are(std::string_view text, uint8_t kind) {
  uint8_t common = kind;
  for (char c : text) common &= kCharacters[static_cast<uint8_t>(c)];
  return common != 0;
}

}  // namespace faisca::http
