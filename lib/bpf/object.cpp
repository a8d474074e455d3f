#include "lib/bpf/object.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <tuple>

#include "lib/bpf/elf_file.h"
#include "lib/bpf/isa.h"
#include "lib/bpf/object_maps.h"

namespace faisca::bpf {
namespace {

constexpr std::uint64_t kMaxSectionBytes = kMaxObjectBytes;
constexpr std::uint32_t kAbs32 = 3, kNoDynamic32 = 4;  // only in debug information

tl::unexpected<Error> bad(std::string message, std::string hint = "the object is damaged; build it again") {
  return fail(Code::kInvalidArgument, std::move(message), std::move(hint));
}

bool is_map_section(const ElfSection& section) { return section.name == ".maps" || section.name == "maps"; }

bool is_data(const ElfSection& section) {
  bool has_contents = section.type == SHT_PROGBITS || section.type == SHT_NOBITS;
  return has_contents && (section.flags & SHF_ALLOC) != 0 && !section.is_code() && !is_map_section(section);
}

// The functions of a code section: each from its symbol to the next one's, so that no slot belongs to none.
Result<std::vector<Function>> find_functions(const ElfFile& file, const ElfSection& section) {
  auto slots = static_cast<std::uint32_t>(section.size / 8);
  std::vector<Function> functions;
  for (const auto& symbol : file.symbols) {
    if (symbol.type != STT_FUNC || symbol.section != section.index) continue;
    if (symbol.value % 8 != 0 || symbol.value >= section.size)
      return bad(section.text() + ": function " + symbol.name + " at byte " + std::to_string(symbol.value) +
                 " does not start at an instruction");
    functions.push_back({symbol.name, static_cast<std::uint32_t>(symbol.value / 8), 0});
  }
  std::sort(functions.begin(), functions.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, a.name) < std::tie(b.first, b.name);
  });
  auto same_start = [](const auto& a, const auto& b) { return a.first == b.first; };
  functions.erase(std::unique(functions.begin(), functions.end(), same_start), functions.end());
  if (slots > 0 && (functions.empty() || functions.front().first != 0))
    functions.insert(functions.begin(), {section.name, 0, 0});
  for (std::size_t i = 0; i < functions.size(); ++i) {
    std::uint32_t end = i + 1 < functions.size() ? functions[i + 1].first : slots;
    functions[i].slots = end - functions[i].first;
  }
  return functions;
}

Result<CodeSection> read_code(const ElfFile& file, const ElfSection& section) {
  if (section.size % 8 != 0)
    return bad(section.text() + " has " + std::to_string(section.size) +
               " bytes, not a multiple of 8, the size of an instruction");
  CodeSection code;
  code.index = section.index;
  code.name = section.name;
  for (std::size_t at = 0; at < section.bytes.size(); at += 8)
    code.slots.push_back(read_le<std::uint64_t>(section.bytes, at));
  FAISCA_TRY(functions, find_functions(file, section));
  code.functions = std::move(functions);
  return code;
}

Result<DataSection> read_data(const ElfSection& section) {
  if (section.size > kMaxSectionBytes)
    return fail(Code::kOutOfRange,
                section.text() + " has " + std::to_string(section.size) + " bytes; at most " +
                    std::to_string(kMaxSectionBytes) + " are taken",
                "use smaller globals");
  DataSection data;
  data.index = section.index;
  data.name = section.name;
  data.bytes.assign(section.bytes.begin(), section.bytes.end());
  data.bytes.resize(section.size, 0);
  bool sane = section.alignment >= 1 && section.alignment <= 4096 &&
              (section.alignment & (section.alignment - 1)) == 0;
  data.alignment = sane ? static_cast<std::uint32_t>(section.alignment) : 8;
  return data;
}

// Where a relocation is, for messages: "section .text, byte 16 (relocation 3)".
std::string place(const ElfSection& section, const ElfRelocation& relocation, std::size_t number) {
  return section.text() + ", byte " + std::to_string(relocation.offset) + " (relocation " +
         std::to_string(number) + ")";
}

Status check_code_relocation(const CodeSection& code, const ElfRelocation& relocation,
                             const std::string& where) {
  if (relocation.offset % 8 != 0 || relocation.offset / 8 >= code.slots.size())
    return bad(where + " is not at an instruction; the section has " + std::to_string(code.slots.size() * 8) +
               " bytes");
  std::size_t slot = relocation.offset / 8;
  auto opcode = decode(code.slots[slot]).opcode;
  if (relocation.type == static_cast<std::uint32_t>(RelocationType::kLoad64)) {
    if (opcode != kOpLoad64 || slot + 1 >= code.slots.size())
      return bad(where + ": R_BPF_64_64 is not on an lddw");
    return {};
  }
  if (relocation.type == static_cast<std::uint32_t>(RelocationType::kCall32)) {
    if (opcode != kOpCall) return bad(where + ": R_BPF_64_32 is not on a call");
    return {};
  }
  return fail(Code::kUnimplemented,
              where + ": relocation type " + std::to_string(relocation.type) + " is not known in code",
              "known are R_BPF_64_64 (1) and R_BPF_64_32 (10)");
}

Relocation resolve(const ElfFile& file, const ElfRelocation& relocation) {
  const ElfSymbol& symbol = file.symbols[relocation.symbol];
  // Section 0 stands for "not in this object"; the linker complains if the symbol is needed.
  bool defined = symbol.section < file.sections.size();
  return {static_cast<std::uint32_t>(relocation.offset), static_cast<RelocationType>(relocation.type),
          defined ? symbol.section : 0u, symbol.value, symbol.name};
}

Status read_relocations(const ElfFile& file, Object& object) {
  for (const auto& table : file.sections) {
    if (table.type != SHT_REL && table.type != SHT_RELA) continue;
    if (table.info >= file.sections.size())
      return bad(table.text() + " relocates section #" + std::to_string(table.info) +
                 ", which does not exist");
    const ElfSection& target = file.sections[table.info];
    auto at_target = [&](const auto& section) { return section.index == target.index; };
    auto code = std::find_if(object.code.begin(), object.code.end(), at_target);
    auto data = std::find_if(object.data.begin(), object.data.end(), at_target);
    if (code == object.code.end() && data == object.data.end()) continue;  // debug information
    if (table.type == SHT_RELA)
      return fail(Code::kUnimplemented, table.text() + " has type RELA", "clang writes REL for eBPF");
    FAISCA_TRY(relocations, file.relocations(table));
    for (std::size_t number = 0; number < relocations.size(); ++number) {
      const auto& relocation = relocations[number];
      std::string where = place(target, relocation, number);
      if (code != object.code.end()) {
        FAISCA_CHECK_OK(check_code_relocation(*code, relocation, where));
        code->relocations.push_back(resolve(file, relocation));
        continue;
      }
      if (relocation.type == kAbs32 || relocation.type == kNoDynamic32) continue;
      if (relocation.type != static_cast<std::uint32_t>(RelocationType::kAbs64))
        return fail(Code::kUnimplemented,
                    where + ": relocation type " + std::to_string(relocation.type) + " is not known in data");
      if (relocation.offset > data->bytes.size() || data->bytes.size() - relocation.offset < 8)
        return bad(where + " is outside the section's " + std::to_string(data->bytes.size()) + " bytes");
      data->relocations.push_back(resolve(file, relocation));
    }
  }
  auto by_offset = [](const Relocation& a, const Relocation& b) { return a.offset < b.offset; };
  for (auto& code : object.code) std::sort(code.relocations.begin(), code.relocations.end(), by_offset);
  return {};
}

// Global functions of every code section that `wanted` accepts.
template <class Wanted>
void collect_programs(const ElfFile& file, Object& object, Wanted wanted) {
  for (const auto& section : object.code) {
    if (!wanted(section)) continue;
    for (const auto& symbol : file.symbols) {
      if (symbol.type != STT_FUNC || !symbol.is_global || symbol.section != section.index) continue;
      object.programs.push_back({symbol.name, section.name, convention_of_section(section.name),
                                 section.index, static_cast<std::uint32_t>(symbol.value / 8)});
    }
  }
}

Status find_programs(const ElfFile& file, Object& object) {
  collect_programs(file, object, [](const CodeSection& section) { return section.name != ".text"; });
  if (object.programs.empty()) collect_programs(file, object, [](const CodeSection&) { return true; });
  if (object.programs.empty())  // stripped, or written by hand: the sections are the programs
    for (const auto& section : object.code)
      if (!section.slots.empty())
        object.programs.push_back(
            {section.name, section.name, convention_of_section(section.name), section.index, 0});
  if (!object.programs.empty()) return {};
  return bad("the object holds no program: no executable section has instructions",
             "define a function that is not static, for example SEC(\"mem\") int handle(void *memory, "
             "unsigned long length)");
}

}  // namespace

Convention convention_of_section(std::string_view section) {
  return section.starts_with("xdp") ? Convention::kXdp : Convention::kMem;
}

Result<Object> load_object(std::span<const std::uint8_t> bytes) {
  if (bytes.size() > kMaxObjectBytes)
    return fail(Code::kOutOfRange,
                "the object has " + std::to_string(bytes.size()) + " bytes; at most " +
                    std::to_string(kMaxObjectBytes) + " are taken",
                "strip debug information: llvm-strip -g");
  FAISCA_TRY(file, read_elf(bytes));
  Object object;
  for (const auto& section : file.sections) {
    if (section.is_code()) {
      FAISCA_TRY(code, read_code(file, section));
      object.code.push_back(std::move(code));
    } else if (is_data(section)) {
      FAISCA_TRY(data, read_data(section));
      object.data.push_back(std::move(data));
    }
  }
  FAISCA_CHECK_OK(find_programs(file, object));
  FAISCA_CHECK_OK(read_relocations(file, object));
  FAISCA_TRY(maps, read_maps(file));
  object.maps = std::move(maps);
  if (const ElfSection* license = file.find("license"))
    object.license.assign(license->bytes.begin(), std::find(license->bytes.begin(), license->bytes.end(), 0));
  return object;
}

Result<Program> load_program(std::span<const std::uint8_t> bytes, const LinkOptions& options) {
  FAISCA_TRY(object, load_object(bytes));
  return link(object, options);
}

}  // namespace faisca::bpf
