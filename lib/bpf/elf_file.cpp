#include "lib/bpf/elf_file.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace faisca::bpf {
namespace {

constexpr const char* kBuildHint = "build it with clang -O2 -g -target bpf -c function.c -o function.o";

tl::unexpected<Error> bad(std::string message,
                          std::string hint = "the file is damaged or cut off; build it again") {
  return fail(Code::kInvalidArgument, std::move(message), std::move(hint));
}

constexpr std::uint16_t kMaxSections = 4096;

bool fits(std::span<const std::uint8_t> bytes, std::uint64_t offset, std::uint64_t size) {
  return offset <= bytes.size() && bytes.size() - offset >= size;
}

Status check_header(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 4 || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0)
    return bad("not an ELF file: the first bytes are not 7f 45 4c 46", kBuildHint);
  if (bytes.size() < sizeof(Elf64_Ehdr))
    return bad("the ELF file ends inside its header, after " + std::to_string(bytes.size()) + " bytes");
  if (bytes[EI_CLASS] != ELFCLASS64) return bad("a 32-bit ELF file; eBPF objects are 64-bit", kBuildHint);
  if (bytes[EI_DATA] != ELFDATA2LSB)
    return bad("a big-endian eBPF object; the device is little-endian",
               "build with -target bpf or bpfel, not bpfeb");
  auto machine = read_le<std::uint16_t>(bytes, offsetof(Elf64_Ehdr, e_machine));
  if (machine != EM_BPF)
    return bad("an ELF file for machine " + std::to_string(machine) + ", not for eBPF (" +
                   std::to_string(EM_BPF) + ")",
               kBuildHint);
  auto type = read_le<std::uint16_t>(bytes, offsetof(Elf64_Ehdr, e_type));
  if (type != ET_REL)
    return bad("ELF type " + std::to_string(type) + " is not relocatable (1)",
               "give the object file that clang -c writes");
  return {};
}

// String at `offset` of a string table; nothing if it does not end inside.
std::optional<std::string> string_at(std::span<const std::uint8_t> table, std::uint64_t offset) {
  if (offset >= table.size()) return std::nullopt;
  auto begin = table.begin() + static_cast<std::ptrdiff_t>(offset);
  auto end = std::find(begin, table.end(), 0);
  if (end == table.end()) return std::nullopt;
  return std::string(begin, end);
}

Result<ElfSection> read_section(std::span<const std::uint8_t> bytes, std::uint64_t at, std::uint32_t index) {
  ElfSection section;
  section.index = index;
  section.type = read_le<std::uint32_t>(bytes, at + offsetof(Elf64_Shdr, sh_type));
  section.flags = read_le<std::uint64_t>(bytes, at + offsetof(Elf64_Shdr, sh_flags));
  section.size = read_le<std::uint64_t>(bytes, at + offsetof(Elf64_Shdr, sh_size));
  section.alignment = read_le<std::uint64_t>(bytes, at + offsetof(Elf64_Shdr, sh_addralign));
  section.link = read_le<std::uint32_t>(bytes, at + offsetof(Elf64_Shdr, sh_link));
  section.info = read_le<std::uint32_t>(bytes, at + offsetof(Elf64_Shdr, sh_info));
  auto offset = read_le<std::uint64_t>(bytes, at + offsetof(Elf64_Shdr, sh_offset));
  if (section.type == SHT_NULL || section.type == SHT_NOBITS) return section;
  if (!fits(bytes, offset, section.size))
    return bad("section #" + std::to_string(index) + " takes bytes " + std::to_string(offset) + " to " +
               std::to_string(offset + section.size) + " of a file of " + std::to_string(bytes.size()));
  section.bytes = bytes.subspan(offset, section.size);
  return section;
}

Status read_symbols(ElfFile& file, const ElfSection& table) {
  if (table.link >= file.sections.size())
    return bad(table.text() + " names string table #" + std::to_string(table.link) +
               ", which does not exist");
  auto strings = file.sections[table.link].bytes;
  for (std::size_t at = 0; at + sizeof(Elf64_Sym) <= table.bytes.size(); at += sizeof(Elf64_Sym)) {
    ElfSymbol symbol;
    auto name = string_at(strings, read_le<std::uint32_t>(table.bytes, at + offsetof(Elf64_Sym, st_name)));
    if (!name && !strings.empty())
      return bad("symbol #" + std::to_string(at / sizeof(Elf64_Sym)) + " in " + table.text() +
                 " has a name outside its string table");
    std::uint8_t info = table.bytes[at + offsetof(Elf64_Sym, st_info)];
    symbol.name = name.value_or("");
    symbol.type = ELF64_ST_TYPE(info);
    symbol.is_global = ELF64_ST_BIND(info) != STB_LOCAL;
    symbol.section = read_le<std::uint16_t>(table.bytes, at + offsetof(Elf64_Sym, st_shndx));
    symbol.value = read_le<std::uint64_t>(table.bytes, at + offsetof(Elf64_Sym, st_value));
    symbol.size = read_le<std::uint64_t>(table.bytes, at + offsetof(Elf64_Sym, st_size));
    if (symbol.type == STT_SECTION && symbol.section < file.sections.size())
      symbol.name = file.sections[symbol.section].name;
    file.symbols.push_back(std::move(symbol));
  }
  return {};
}

}  // namespace

bool ElfSection::is_code() const { return type == SHT_PROGBITS && (flags & SHF_EXECINSTR) != 0; }

const ElfSection* ElfFile::find(std::string_view name) const {
  auto found = std::find_if(sections.begin(), sections.end(),
                            [&](const auto& section) { return section.name == name; });
  return found == sections.end() ? nullptr : &*found;
}

Result<std::vector<ElfRelocation>> ElfFile::relocations(const ElfSection& section) const {
  if (section.bytes.size() % sizeof(Elf64_Rel) != 0)
    return bad(section.text() + " has " + std::to_string(section.bytes.size()) +
               " bytes, not a multiple of 16");
  std::vector<ElfRelocation> all;
  for (std::size_t at = 0; at < section.bytes.size(); at += sizeof(Elf64_Rel)) {
    auto info = read_le<std::uint64_t>(section.bytes, at + offsetof(Elf64_Rel, r_info));
    ElfRelocation relocation{read_le<std::uint64_t>(section.bytes, at), static_cast<std::uint32_t>(info),
                             static_cast<std::uint32_t>(info >> 32)};
    if (relocation.symbol >= symbols.size())
      return bad(section.text() + ", entry " + std::to_string(at / sizeof(Elf64_Rel)) + ": symbol #" +
                 std::to_string(relocation.symbol) + " does not exist; there are " +
                 std::to_string(symbols.size()));
    all.push_back(relocation);
  }
  return all;
}

Result<ElfFile> read_elf(std::span<const std::uint8_t> bytes) {
  FAISCA_CHECK_OK(check_header(bytes));
  auto table = read_le<std::uint64_t>(bytes, offsetof(Elf64_Ehdr, e_shoff));
  auto entry = read_le<std::uint16_t>(bytes, offsetof(Elf64_Ehdr, e_shentsize));
  auto count = read_le<std::uint16_t>(bytes, offsetof(Elf64_Ehdr, e_shnum));
  auto names = read_le<std::uint16_t>(bytes, offsetof(Elf64_Ehdr, e_shstrndx));
  if (count == 0) return bad("the ELF file has no sections");
  if (entry != sizeof(Elf64_Shdr))
    return bad("section headers have " + std::to_string(entry) + " bytes instead of 64");
  if (!fits(bytes, table, std::uint64_t{count} * entry))
    return bad("the table of " + std::to_string(count) + " section headers at byte " + std::to_string(table) +
               " is outside the file of " + std::to_string(bytes.size()) + " bytes");
  if (count > kMaxSections)
    return bad("the ELF file has " + std::to_string(count) + " sections; at most " +
                   std::to_string(kMaxSections) + " are taken",
               "build without -ffunction-sections");
  ElfFile file;
  std::uint64_t contents = 0;
  for (std::uint32_t index = 0; index < count; ++index) {
    FAISCA_TRY(section, read_section(bytes, table + std::uint64_t{index} * entry, index));
    // Overlapping sections would let a small file take much memory.
    contents += section.bytes.size();
    if (contents > bytes.size())
      return bad("section #" + std::to_string(index) + " overlaps another section");
    file.sections.push_back(std::move(section));
  }
  if (names >= count)
    return bad("section #" + std::to_string(names) + " should hold the section names and does not exist");
  for (auto& section : file.sections) {
    auto at = read_le<std::uint32_t>(bytes, table + std::uint64_t{section.index} * entry);
    auto name = string_at(file.sections[names].bytes, at);
    if (!name && section.type != SHT_NULL)
      return bad("section #" + std::to_string(section.index) + " has a name outside the string table");
    section.name = name.value_or("");
  }
  for (const auto& section : file.sections)
    if (section.type == SHT_SYMTAB && file.symbols.empty()) FAISCA_CHECK_OK(read_symbols(file, section));
  return file;
}

}  // namespace faisca::bpf
