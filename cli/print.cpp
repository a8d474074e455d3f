#include "cli/print.h"

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>
#include <regex>

namespace faisca::cli {
namespace {

using Json = nlohmann::ordered_json;

// Cells are UTF-8: continuation bytes take no column.
size_t width(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Words that YAML 1.1 and 1.2 read as text without quotes.
bool is_plain(const std::string& text) {
  static const std::regex kPlain("[A-Za-z_/][A-Za-z0-9_./-]*");
  static const std::regex kWord("(?:true|false|yes|no|on|off|y|n|null)", std::regex::icase);
  return std::regex_match(text, kPlain) && !std::regex_match(text, kWord);
}

std::string scalar(const Json& value) {
  if (!value.is_string()) return value.dump();
  const auto& text = value.get_ref<const std::string&>();
  return is_plain(text) ? text : Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void write_yaml(const Json& value, size_t indent, std::string& out);

// What follows "key:" or "-".
void write_child(const Json& value, size_t indent, bool in_list, std::string& out) {
  if (value.is_structured() && !value.empty()) {
    if (in_list) {
      // The first line of the child stands on the dash's own line.
      std::string block;
      write_yaml(value, indent + 2, block);
      out += " " + block.substr(indent + 2);
    } else {
      out += "\n";
      write_yaml(value, value.is_array() ? indent : indent + 2, out);
    }
  } else {
    out += " " + (value.is_structured() ? value.dump() : scalar(value)) + "\n";
  }
}

void write_yaml(const Json& value, size_t indent, std::string& out) {
  const std::string margin(indent, ' ');
  if (value.is_object() && !value.empty()) {
    for (const auto& [key, child] : value.items()) {
      out += margin + scalar(Json(key)) + ":";
      write_child(child, indent, false, out);
    }
  } else if (value.is_array() && !value.empty()) {
    for (const Json& child : value) {
      out += margin + "-";
      write_child(child, indent, true, out);
    }
  } else {
    out += margin + (value.is_structured() ? value.dump() : scalar(value)) + "\n";
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) c = '?';
  return out;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      out += printable(row[i]);
      if (i + 1 < row.size()) out += std::string(widths[i] - width(row[i]) + 2, ' ');
    }
    out += "\n";
  }
  return out;
}

std::string pretty_json(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? std::string(text)
                             : json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string json_as_yaml(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::string(text);
  std::string out;
  write_yaml(json, 0, out);
  return out;
}

std::string age(std::string_view time, long long now_seconds) {
  std::tm parts{};
  const char* end = ::strptime(std::string(time).c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (!end) return "-";
  const long long seconds = std::max(0LL, now_seconds - static_cast<long long>(::timegm(&parts)));
  if (seconds < 120) return std::to_string(seconds) + "s";
  if (seconds < 120 * 60) return std::to_string(seconds / 60) + "m";
  if (seconds < 48 * 3600) return std::to_string(seconds / 3600) + "h";
  return std::to_string(seconds / 86400) + "d";
}

}  // namespace faisca::cli
