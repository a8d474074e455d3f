#include "lib/kube/quantity.h"

#include <array>
#include <utility>

namespace faisca::kube {
namespace {

using Wide = __int128;

constexpr Wide kMost = [] {
  Wide value = 1;
  for (int i = 0; i < 38; ++i) value *= 10;
  return value;
}();

bool multiply(Wide& value, Wide by) { return !__builtin_mul_overflow(value, by, &value) && value <= kMost; }

Wide power(Wide base, int exponent) {
  Wide out = 1;
  for (; exponent > 0; --exponent) out *= base;
  return out;
}

// Digits with an optional point; `scale` counts those after it.
bool take_number(std::string_view& text, Wide& value, int& scale) {
  bool any = false, after_point = false;
  while (!text.empty()) {
    const char c = text.front();
    if (c == '.' && !after_point) {
      after_point = true;
    } else if (c >= '0' && c <= '9') {
      if (!multiply(value, 10)) return false;
      value += c - '0';
      scale += after_point ? 1 : 0;
      any = true;
    } else {
      break;
    }
    text.remove_prefix(1);
  }
  return any;
}

// Decimal and binary suffixes, in powers of ten (with n = -9) and of 1024.
constexpr std::array<std::pair<std::string_view, int>, 10> kDecimal = {{{"n", -9},
                                                                        {"u", -6},
                                                                        {"m", -3},
                                                                        {"", 0},
                                                                        {"k", 3},
                                                                        {"M", 6},
                                                                        {"G", 9},
                                                                        {"T", 12},
                                                                        {"P", 15},
                                                                        {"E", 18}}};
constexpr std::array<std::pair<std::string_view, int>, 6> kBinary = {
    {{"Ki", 1}, {"Mi", 2}, {"Gi", 3}, {"Ti", 4}, {"Pi", 5}, {"Ei", 6}}};

// "e3", "E-2": a decimal exponent.
bool take_exponent(std::string_view text, int& exponent) {
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return false;
  text.remove_prefix(1);
  const bool is_negative = text[0] == '-';
  if (text[0] == '-' || text[0] == '+') text.remove_prefix(1);
  if (text.empty() || text.size() > 2) return false;
  exponent = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    exponent = exponent * 10 + (c - '0');
  }
  if (is_negative) exponent = -exponent;
  return exponent >= -18 && exponent <= 28;
}

bool take_suffix(std::string_view text, Wide& value, int& exponent) {
  for (const auto& [suffix, power_of_ten] : kDecimal)
    if (text == suffix) {
      exponent = power_of_ten;
      return true;
    }
  for (const auto& [suffix, power_of_1024] : kBinary)
    if (text == suffix) return multiply(value, power(1024, power_of_1024));
  return take_exponent(text, exponent);
}

}  // namespace

std::optional<__int128> quantity_value(std::string_view text) {
  if (text.empty() || text.size() > 40) return {};
  const bool is_negative = text.front() == '-';
  if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);
  Wide value = 0;
  int scale = 0, exponent = 0;
  if (!take_number(text, value, scale) || !take_suffix(text, value, exponent)) return {};
  const int shift = exponent - scale + 9;
  if (shift >= 0) {
    if (shift > 37 || (value != 0 && !multiply(value, power(10, shift)))) return {};
  } else {
    if (-shift > 37) return {};
    const Wide by = power(10, -shift);
    value = value / by + (value % by != 0 ? 1 : 0);
  }
  return is_negative ? -value : value;
}

}  // namespace faisca::kube
