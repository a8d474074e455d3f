#include "lib/base/base64.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace faisca {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> make_values() {
  std::array<int8_t, 256> values{};
  for (int8_t& value : values) value = -1;
  for (size_t i = 0; i < kDigits.size(); ++i)
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<int8_t>(i);
  return values;
}
constexpr std::array<int8_t, 256> kValues = make_values();

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (size_t k = 0; k < 4; ++k) out += k <= count ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

Result<std::string> base64_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  uint32_t group = 0;
  int digits = 0, padding = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    const int value = kValues[static_cast<unsigned char>(c)];
    if (c == '=' && digits >= 2 && digits + padding < 4) {
      ++padding;
      continue;
    }
    if (value < 0 || padding > 0)
      return fail(Code::kInvalidArgument, "byte " + std::to_string(i) + " is not base64",
                  "encode it with `base64 -w0 FILE`");
    group = group << 6 | static_cast<uint32_t>(value);
    if (++digits < 4) continue;
    for (int shift = 16; shift >= 0; shift -= 8) out += static_cast<char>(group >> shift & 0xff);
    group = 0;
    digits = 0;
  }
  if (digits == 0 && padding == 0) return out;
  if (digits + padding != 4 || digits < 2)
    return fail(Code::kInvalidArgument, "the base64 text ends in the middle of a group of four",
                "it may be cut off");
  group <<= 6 * padding;
  // RFC 4648 §3.5: bits that stand for no byte are zero, else two texts would mean the same bytes.
  if (group & ((1u << 8 * padding) - 1))
    return fail(Code::kInvalidArgument, "the last base64 digit has bits that belong to no byte",
                "it may be cut off");
  for (int shift = 16; shift >= 8 * padding; shift -= 8) out += static_cast<char>(group >> shift & 0xff);
  return out;
}

}  // namespace faisca
