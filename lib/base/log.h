// Log lines as JSON on stderr: a constant message plus keys and values.
//   log_info("instance ready", {{"function", name}, {"pid", pid}});
// error = someone must act, info = state changed, debug = per request. An error is logged once, where it is
// handled. Thread: safe from any thread (spdlog underneath).
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.h"

namespace faisca {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

// One key and its value, already JSON. Implicit on purpose: it lives in braces only.
struct LogField {
  LogField(std::string_view key, std::string_view value);
  LogField(std::string_view key, const char* value) : LogField(key, std::string_view(value)) {}
  LogField(std::string_view key, const std::string& value) : LogField(key, std::string_view(value)) {}
  LogField(std::string_view key, bool value) : key(key), json(value ? "true" : "false") {}
  LogField(std::string_view key, double value) : key(key), json(std::to_string(value)) {}
  template <std::integral T>
  LogField(std::string_view key, T value) : key(key), json(std::to_string(value)) {}
  LogField(std::string_view key, const Error& error) : LogField(key, std::string_view(error.text())) {}

  std::string_view key;
  std::string json;
};

// The names a `log_level` setting may take, and their levels; any other name is kInfo.
const std::vector<std::string>& log_level_names();
LogLevel log_level_named(std::string_view name);

// `component` is in every line of this process. Call once from main, before threads start.
void log_setup(std::string_view component, LogLevel level);
bool log_enabled(LogLevel level);
void log_line(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);

inline void log_debug(std::string_view message, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::kDebug, message, fields);
}
inline void log_info(std::string_view message, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::kInfo, message, fields);
}
inline void log_warning(std::string_view message, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::kWarning, message, fields);
}
inline void log_error(std::string_view message, std::initializer_list<LogField> fields = {}) {
  log_line(LogLevel::kError, message, fields);
}

// `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
std::string json_quote(std::string_view text);

}  // namespace faisca
