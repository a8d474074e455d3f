#include "tests/conformance/test_file.h"

#include <map>
#include <sstream>

#include "lib/bpf/asm_operand.h"
#include "lib/bpf/assembler.h"

namespace faisca::conformance {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string_view without_comment(std::string_view line) { return trim(line.substr(0, line.find('#'))); }

tl::unexpected<Error> bad(std::string_view section, const std::string& word, const std::string& expected) {
  return fail(Code::kInvalidArgument,
              "section " + std::string(section) + ": `" + word + "` is not " + expected);
}

std::vector<std::string> words_of(const std::vector<std::string>& lines) {
  std::vector<std::string> words;
  for (const auto& line : lines)
    for (auto& word : bpf::split_operands(line)) words.push_back(std::move(word));
  return words;
}

// "aa bb", "0xaa", and "aabb" as two bytes.
Result<std::vector<std::uint8_t>> read_memory(const std::vector<std::string>& lines) {
  std::vector<std::uint8_t> bytes;
  for (auto word : words_of(lines)) {
    if (word.starts_with("0x")) word.erase(0, 2);
    if (word.size() % 2 != 0) word.insert(0, "0");
    for (std::size_t at = 0; at < word.size(); at += 2) {
      auto byte = bpf::parse_number("0x" + word.substr(at, 2));
      if (!byte) return bad("mem", word, "a hexadecimal byte");
      bytes.push_back(static_cast<std::uint8_t>(byte->magnitude));
    }
  }
  return bytes;
}

Result<bpf::Program> read_raw(const std::vector<std::string>& lines) {
  bpf::Program program;
  program.name = "main";
  for (const auto& word : words_of(lines)) {
    auto number = bpf::parse_number(word);
    if (!number) return bad("raw", word, "a 64-bit number");
    program.slots.push_back(number->bits());
  }
  program.functions = {{program.name, 0, static_cast<std::uint32_t>(program.slots.size())}};
  return program;
}

Result<std::vector<bpf::MapDescriptor>> read_maps(const std::vector<std::string>& lines) {
  std::vector<bpf::MapDescriptor> maps;
  for (const auto& line : lines) {
    auto words = bpf::split_operands(line);
    if (words.size() != 5) return bad("map", line, "`name type key_size value_size max_entries`");
    std::uint32_t numbers[4];
    for (int i = 0; i < 4; ++i) {
      auto number = bpf::parse_number(words[i + 1]);
      if (!number || number->negative || number->magnitude > UINT32_MAX)
        return bad("map", words[i + 1], "a 32-bit number");
      numbers[i] = static_cast<std::uint32_t>(number->magnitude);
    }
    bpf::MapDescriptor map;
    map.name = words[0];
    map.type = static_cast<bpf::MapType>(numbers[0]);
    map.key_size = numbers[1];
    map.value_size = numbers[2];
    map.max_entries = numbers[3];
    maps.push_back(std::move(map));
  }
  return maps;
}

Result<bpf::Program> read_program(std::map<std::string, std::vector<std::string>>& sections) {
  if (!sections["raw"].empty()) return read_raw(sections["raw"]);
  FAISCA_TRY(maps, read_maps(sections["map"]));
  std::string text;
  for (const auto& line : sections["asm"]) text += line + "\n";
  return bpf::assemble(text, {std::move(maps), bpf::AssembleOptions::WideImmediate::kTruncate});
}

// The section that a `--` line opens; empty for one that nobody knows.
std::string section_of(std::string_view line) {
  std::string_view name = trim(line.substr(line.find("--") + 2));
  if (name == "c" || name.find("no register offset") != std::string_view::npos) return "ignored";
  for (const char* known : {"asm", "result", "mem", "raw", "error", "map"})
    if (name.starts_with(known)) return known;
  return "";
}

}  // namespace

Result<TestFile> parse_test_file(std::string_view text) {
  TestFile test;
  std::map<std::string, std::vector<std::string>> sections;
  std::string section = "ignored";
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) {
    std::string_view content = without_comment(line);
    if (content.starts_with("--")) {
      section = section_of(content);
      if (section.empty()) {
        test.skip = "unknown section `" + std::string(content) + "`";
        return test;
      }
      test.expects_error |= section == "error";
    } else if (!content.empty()) {
      sections[section].emplace_back(content);
    }
  }
  if (!sections["result"].empty()) {
    auto number = bpf::parse_number(sections["result"].back());
    if (!number) return bad("result", sections["result"].back(), "a 64-bit number");
    test.result = number->bits();
  }
  if (!test.result && !test.expects_error) {
    test.skip = "neither result nor error is expected";
    return test;
  }
  FAISCA_TRY(memory, read_memory(sections["mem"]));
  test.memory = std::move(memory);
  auto program = read_program(sections);
  if (program)
    test.program = *std::move(program);
  else
    test.not_assembled = std::move(program).error();
  if (program && test.program.slots.empty()) test.skip = "no instructions";
  return test;
}

}  // namespace faisca::conformance
