#include "lib/bpf/asm_mnemonic.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "lib/bpf/asm_operand.h"

namespace faisca::bpf {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::string canonical_mnemonic(std::string name) {
  static const std::map<std::string, std::string> aliases = {
      // clang-format off
      {"goto", "ja"}, {"gotol", "ja32"}, {"jmp", "ja"}, {"ld_imm64", "lddw"}, {"ldimm64", "lddw"}, {"ret", "exit"},
      {"movs832", "movsx832"}, {"movs864", "movsx864"}, {"movs1632", "movsx1632"}, {"movs1664", "movsx1664"},
      {"movs3264", "movsx3264"}, {"movsx8", "movsx864"}, {"movsx16", "movsx1664"}, {"movsx32", "movsx3264"},
      {"shl", "lsh"}, {"shl32", "lsh32"}, {"shr", "rsh"}, {"shr32", "rsh32"}, {"sar", "arsh"}, {"sar32", "arsh32"},
      // clang-format on
  };
  if (name.starts_with("bswap")) name.erase(0, 1);
  auto alias = aliases.find(name);
  if (alias != aliases.end()) return alias->second;
  bool keeps_width = name.starts_with("le") || name.starts_with("be") || name.starts_with("swap") ||
                     name.starts_with("movsx");
  if (name.ends_with("64") && !keeps_width) name.resize(name.size() - 2);
  return name;
}

std::optional<std::string> atomic_mnemonic(const std::string& first, std::vector<std::string>& words) {
  auto parts_of = [](std::string word) {
    word = lower(std::move(word));
    std::replace(word.begin(), word.end(), '_', ' ');
    return split_operands(word);
  };
  auto parts = parts_of(first);
  if (parts.empty()) return std::nullopt;
  bool marked = parts.front() == "lock" || parts.front() == "atomic";
  bool exchanges = parts.front().starts_with("xchg") || parts.front().starts_with("cmpxchg");
  if (!marked && !exchanges) return std::nullopt;
  if (marked) parts.erase(parts.begin());
  while (marked && !words.empty() && !words.front().starts_with('[')) {
    for (auto& part : parts_of(words.front())) parts.push_back(part);
    words.erase(words.begin());
  }
  std::string fetch, operation;
  for (const auto& part : parts) (part == "fetch" ? fetch : operation) += part;
  if (operation.ends_with("64")) operation.resize(operation.size() - 2);
  // An exchange always fetches; some write it out.
  bool always_fetches = operation.starts_with("xchg") || operation.starts_with("cmpxchg");
  return std::string("lock ") + (fetch.empty() || always_fetches ? "" : "fetch ") + operation;
}

const Encoding* find_row(std::string_view name, bool has_register_source) {
  for (const auto& row : encodings()) {
    bool is_register_row = row.form == Form::kAluReg || row.form == Form::kJumpReg;
    bool has_two_forms = is_register_row || row.form == Form::kAluImm || row.form == Form::kJumpImm;
    if (row.name == name && (!has_two_forms || is_register_row == has_register_source)) return &row;
  }
  return nullptr;
}

std::optional<std::uint64_t> map_reference(const std::string& text, const std::vector<MapDescriptor>& maps) {
  std::size_t open = text.find('('), close = text.find(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
  std::string kind = text.substr(0, open), name = text.substr(open + 1, close - open - 1);
  std::string rest = text.substr(close + 1);
  auto map = std::find_if(maps.begin(), maps.end(), [&](const auto& m) { return m.name == name; });
  if (map == maps.end()) return std::nullopt;
  bool is_handle = kind == "map_by_fd" || kind == "map_by_idx";
  if (is_handle) return rest.empty() ? std::optional(std::uint64_t{map->id}) : std::nullopt;
  if (kind != "map_val" && kind != "map_val_by_idx") return std::nullopt;
  if (rest.empty()) return map->values_address;
  auto offset = parse_number(rest);
  return offset ? std::optional(map->values_address + offset->bits()) : std::nullopt;
}

}  // namespace faisca::bpf
