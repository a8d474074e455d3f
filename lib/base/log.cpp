#include "lib/base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace faisca {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

spdlog::logger& logger() {
  static spdlog::logger instance = [] {
    spdlog::logger made("faisca", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.set_pattern("%v");
    made.set_level(spdlog::level::info);
    return made;
  }();
  return instance;
}

}  // namespace

LogField::LogField(std::string_view key, std::string_view value) : key(key), json(json_quote(value)) {}

const std::vector<std::string>& log_level_names() {
  static const std::vector<std::string> names = {"debug", "info", "warning", "error", "off"};
  return names;
}

LogLevel log_level_named(std::string_view name) {
  const std::vector<std::string>& names = log_level_names();
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? LogLevel::kInfo : static_cast<LogLevel>(found - names.begin());
}

void log_setup(std::string_view component, LogLevel level) {
  logger().set_level(level_of(level));
  logger().set_formatter(std::make_unique<spdlog::pattern_formatter>(
      R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l","component":)" + json_quote(component) + ",%v}",
      spdlog::pattern_time_type::utc));
}

bool log_enabled(LogLevel level) { return logger().should_log(level_of(level)); }

void log_line(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!log_enabled(level)) return;
  std::string line = "\"message\":" + json_quote(message);
  for (const LogField& field : fields) line += "," + json_quote(field.key) + ":" + field.json;
  logger().log(level_of(level), spdlog::string_view_t(line));
}

std::string json_quote(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace faisca
