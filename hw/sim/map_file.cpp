#include "hw/sim/map_file.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace faisca::sim {
namespace {

using nlohmann::json;
using Bytes = std::vector<std::uint8_t>;

tl::unexpected<Error> wrong(const std::string& where, const std::string& what) {
  return fail(Code::kInvalidArgument, where + " " + what);
}

Result<std::uint8_t> parse_byte(std::string_view text, const std::string& where) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.empty() || text.size() > 2 || error != std::errc() || end != text.data() + text.size())
    return wrong(where, "has '" + std::string(text) + "', which is not a hexadecimal byte");
  return static_cast<std::uint8_t>(value);
}

Result<Bytes> parse_hex(std::string_view text, const std::string& where) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  if (text.size() % 2 != 0) return wrong(where, "has an odd number of hexadecimal digits");
  Bytes bytes;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    FAISCA_TRY(byte, parse_byte(text.substr(at, 2), where));
    bytes.push_back(byte);
  }
  return bytes;
}

Result<Bytes> parse_list(const json& list, const std::string& where) {
  Bytes bytes;
  for (const json& item : list) {
    if (!item.is_string())
      return wrong(where, "has " + item.dump() + " where a byte such as \"0x0a\" belongs");
    std::string_view text = item.get_ref<const std::string&>();
    if (text.starts_with("0x")) text.remove_prefix(2);
    FAISCA_TRY(byte, parse_byte(text, where));
    bytes.push_back(byte);
  }
  return bytes;
}

Result<Bytes> parse_bytes(const json& value, std::uint32_t size, const std::string& where) {
  auto parsed = value.is_string() ? parse_hex(value.get_ref<const std::string&>(), where)
                : value.is_array()
                    ? parse_list(value, where)
                    : Result<Bytes>(wrong(where, "is " + value.dump() + ", not hexadecimal text or a list"));
  if (parsed && parsed->size() != size)
    return wrong(where,
                 "has " + std::to_string(parsed->size()) + " bytes; the map's has " + std::to_string(size));
  return parsed;
}

Result<MapEntry> parse_entry(const json& item, MapShape shape, const std::string& where) {
  if (!item.is_object() || !item.contains("key")) return wrong(where, "has no \"key\"");
  MapEntry entry;
  FAISCA_TRY(key, parse_bytes(item["key"], shape.key_size, where + ": its key"));
  entry.key = std::move(key);
  if (item.contains("value")) {
    FAISCA_TRY(value, parse_bytes(item["value"], shape.value_size, where + ": its value"));
    entry.values.push_back(std::move(value));
    return entry;
  }
  if (!item.contains("values") || !item["values"].is_array() || item["values"].empty())
    return wrong(where, "has neither \"value\" nor a list \"values\"");
  for (const json& one : item["values"]) {
    const std::string place = where + ": value " + std::to_string(entry.values.size());
    const bool numbered = one.is_object();
    if (numbered && !one.contains("value")) return wrong(place, "has no \"value\"");
    FAISCA_TRY(value, parse_bytes(numbered ? one["value"] : one, shape.value_size, place));
    entry.values.push_back(std::move(value));
  }
  return entry;
}

}  // namespace

std::string hex_text(std::span<const std::uint8_t> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

Result<std::vector<MapEntry>> parse_map_entries(std::string_view text, MapShape shape) {
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) return fail(Code::kInvalidArgument, "the map's entries are not JSON");
  if (!document.is_array())
    return fail(Code::kInvalidArgument, "the map's entries are not a JSON list",
                R"(write [{"key": "0a00", "value": "01"}, …], or take the output of bpftool -j map dump)");
  std::vector<MapEntry> entries;
  for (const json& item : document) {
    FAISCA_TRY(entry, parse_entry(item, shape, "entry " + std::to_string(entries.size())));
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string print_map_entries(const std::vector<MapEntry>& entries) {
  std::string text = "[";
  for (const MapEntry& entry : entries) {
    text += text.size() == 1 ? "\n" : ",\n";
    text += R"(  {"key": ")" + hex_text(entry.key) + R"(", )";
    if (entry.values.size() == 1) {
      text += R"("value": ")" + hex_text(entry.values[0]) + R"("})";
      continue;
    }
    text += R"("values": [)";
    for (std::size_t cpu = 0; cpu < entry.values.size(); ++cpu)
      text += (cpu ? ", \"" : "\"") + hex_text(entry.values[cpu]) + "\"";
    text += "]}";
  }
  return text + (entries.empty() ? "]\n" : "\n]\n");
}

}  // namespace faisca::sim
