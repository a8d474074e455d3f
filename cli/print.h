// What commands print: aligned tables for people, JSON and YAML for programs. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faisca::cli {

// Columns two spaces apart; numbers are the caller's text. Row 0 is the heading. Control characters are shown
// as "?", so that what a function logs cannot drive the terminal.
std::string table(const std::vector<std::vector<std::string>>& rows);

// Replaces control characters except tab.
std::string printable(std::string_view text);

// JSON text, indented by two; `text` itself if it is not JSON.
std::string pretty_json(std::string_view text);

// The same value as block YAML. Text that YAML would read as something else is quoted.
std::string json_as_yaml(std::string_view text);

// "12s", "5m", "3h", "2d": how long ago `time` (RFC 3339) was, for people; "-" if it is no time.
std::string age(std::string_view time, long long now_seconds);

}  // namespace faisca::cli
