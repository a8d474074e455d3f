#include "lib/kube/time_text.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace faisca::kube {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::seconds;

std::string calendar(seconds since_epoch) {
  const std::time_t time = static_cast<std::time_t>(since_epoch.count());
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 32> text;
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  return text.data();
}

// Takes `count` digits off the front.
bool digits(std::string_view& text, size_t count, int& value) {
  if (text.size() < count) return false;
  value = 0;
  for (size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool character(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

bool fraction(std::string_view& text, microseconds& value) {
  int64_t scale = 100'000;
  size_t count = 0;
  for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count) {
    value += microseconds((text[count] - '0') * scale);
    scale /= 10;
  }
  text.remove_prefix(count);
  return count > 0;
}

bool offset(std::string_view& text, seconds& value) {
  if (character(text, 'Z')) return true;
  const int sign = character(text, '+') ? 1 : character(text, '-') ? -1 : 0;
  int hours = 0, minutes = 0;
  if (sign == 0 || !digits(text, 2, hours) || !character(text, ':') || !digits(text, 2, minutes))
    return false;
  if (hours > 23 || minutes > 59) return false;
  value = seconds(sign * (hours * 3600 + minutes * 60));
  return true;
}

bool parse(std::string_view text, WallTime& out) {
  std::tm parts{};
  int year = 0, month = 0;
  if (!digits(text, 4, year) || !character(text, '-') || !digits(text, 2, month) || !character(text, '-') ||
      !digits(text, 2, parts.tm_mday) || !character(text, 'T') || !digits(text, 2, parts.tm_hour) ||
      !character(text, ':') || !digits(text, 2, parts.tm_min) || !character(text, ':') ||
      !digits(text, 2, parts.tm_sec))
    return false;
  // What a count of nanoseconds can hold, with some room.
  if (year < 1970 || year > 2200) return false;
  if (month < 1 || month > 12 || parts.tm_mday < 1 || parts.tm_mday > 31 || parts.tm_hour > 23 ||
      parts.tm_min > 59 || parts.tm_sec > 60)
    return false;
  microseconds part{};
  seconds east{};
  if (character(text, '.') && !fraction(text, part)) return false;
  if (!offset(text, east) || !text.empty()) return false;
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  out = WallTime(seconds(timegm(&parts)) - east + part);
  return true;
}

}  // namespace

std::string time_text(WallTime time) {
  return calendar(std::chrono::floor<seconds>(time.time_since_epoch())) + "Z";
}

std::string micro_time_text(WallTime time) {
  const auto whole = std::chrono::floor<seconds>(time.time_since_epoch());
  const auto part = duration_cast<microseconds>(time.time_since_epoch() - whole);
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), ".%06dZ", static_cast<int>(part.count()));
  return calendar(whole) + text.data();
}

Result<WallTime> parse_time(std::string_view text) {
  WallTime out;
  if (parse(text, out)) return out;
  return fail(Code::kInvalidArgument, "\"" + std::string(text.substr(0, 64)) + "\" is not a time",
              "write it like 2026-01-02T03:04:05Z (RFC 3339)");
}

}  // namespace faisca::kube
