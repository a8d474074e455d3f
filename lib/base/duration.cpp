#include "lib/base/duration.h"

#include <array>
#include <cctype>
#include <cmath>

namespace faisca {
namespace {

struct Unit {
  std::string_view name;
  double nanoseconds;
};

// Longest names first: "ms" is tried before "m".
constexpr std::array<Unit, 8> kUnits = {{{"ns", 1},
                                         {"us", 1e3},
                                         {"µs", 1e3},
                                         {"ms", 1e6},
                                         {"s", 1e9},
                                         {"m", 60e9},
                                         {"h", 3600e9},
                                         {"d", 86400e9}}};
constexpr double kLongest = 10.0 * 365 * 86400e9;

tl::unexpected<Error> bad_duration(std::string_view text) {
  return fail(Code::kInvalidArgument, "\"" + std::string(text) + "\" is not a duration",
              "write it like 30s, 1m30s, 250ms, or a plain number of seconds");
}

// Digits with at most one point, at the start of `text`; advances it. Negative when there is none.
double take_number(std::string_view& text) {
  size_t length = 0;
  bool point = false, digit = false;
  while (length < text.size()) {
    const char c = text[length];
    if (std::isdigit(static_cast<unsigned char>(c))) {
      digit = true;
    } else if (c == '.' && !point) {
      point = true;
    } else {
      break;
    }
    ++length;
  }
  if (!digit || length > 24) return -1;
  const double value = std::stod(std::string(text.substr(0, length)));
  text.remove_prefix(length);
  return value;
}

}  // namespace

Result<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  std::string_view rest = text;
  double total = 0;
  if (rest.empty()) return bad_duration(text);
  while (!rest.empty()) {
    const double number = take_number(rest);
    if (number < 0) return bad_duration(text);
    if (rest.empty() && total == 0 && text.find_first_not_of("0123456789.") == std::string_view::npos) {
      total = number * 1e9;  // a bare number is seconds
      break;
    }
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits)
      if (rest.starts_with(candidate.name) && (!unit || candidate.name.size() > unit->name.size()))
        unit = &candidate;
    if (!unit) return bad_duration(text);
    rest.remove_prefix(unit->name.size());
    total += number * unit->nanoseconds;
  }
  if (total > kLongest) return bad_duration(text);
  return std::chrono::nanoseconds(static_cast<int64_t>(std::llround(total)));
}

std::string format_duration(std::chrono::nanoseconds duration) {
  int64_t left = duration.count();
  if (left == 0) return "0s";
  std::string out;
  struct Part {
    std::string_view name;
    int64_t nanoseconds;
  };
  constexpr std::array<Part, 6> kParts = {{{"h", 3'600'000'000'000},
                                           {"m", 60'000'000'000},
                                           {"s", 1'000'000'000},
                                           {"ms", 1'000'000},
                                           {"us", 1'000},
                                           {"ns", 1}}};
  for (const Part& part : kParts) {
    const int64_t count = left / part.nanoseconds;
    left %= part.nanoseconds;
    if (count) out += std::to_string(count) + std::string(part.name);
  }
  return out;
}

Result<uint64_t> parse_bytes(std::string_view text) {
  struct Suffix {
    std::string_view name;
    double bytes;
  };
  constexpr std::array<Suffix, 9> kSuffixes = {{{"", 1},
                                                {"k", 1e3},
                                                {"M", 1e6},
                                                {"G", 1e9},
                                                {"T", 1e12},
                                                {"Ki", 1024.0},
                                                {"Mi", 1048576.0},
                                                {"Gi", 1073741824.0},
                                                {"Ti", 1099511627776.0}}};
  std::string_view rest = text;
  const double number = take_number(rest);
  if (number >= 0)
    for (const Suffix& suffix : kSuffixes)
      if (rest == suffix.name && number * suffix.bytes <= 9e15)
        return static_cast<uint64_t>(std::llround(number * suffix.bytes));
  return fail(Code::kInvalidArgument, "\"" + std::string(text) + "\" is not a size in bytes",
              "write it like 64Ki, 10Mi, 1Gi, or a plain number of bytes");
}

std::string format_bytes(uint64_t bytes) {
  for (const auto& [name, size] :
       {std::pair<const char*, uint64_t>{"Gi", 1u << 30}, {"Mi", 1u << 20}, {"Ki", 1u << 10}})
    if (bytes >= size && bytes % size == 0) return std::to_string(bytes / size) + name;
  return std::to_string(bytes);
}

}  // namespace faisca
