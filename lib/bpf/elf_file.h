// The parts of an ELF64 little-endian relocatable file that eBPF objects use, every offset checked before it
// is read. Internal to the object loader. Views point into the caller's bytes, which outlive them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace faisca::bpf {

struct ElfSection {
  std::uint32_t index = 0;
  std::string name;
  std::uint32_t type = 0;   // SHT_…
  std::uint64_t flags = 0;  // SHF_…
  std::uint64_t size = 0;
  std::span<const std::uint8_t> bytes;  // empty for SHT_NOBITS
  std::uint64_t alignment = 1;
  std::uint32_t link = 0;
  std::uint32_t info = 0;

  bool is_code() const;
  // "section .text"
  std::string text() const { return "section " + (name.empty() ? "#" + std::to_string(index) : name); }
};

struct ElfSymbol {
  std::string name;  // the section's name for section symbols
  std::uint8_t type = 0;
  bool is_global = false;
  std::uint16_t section = 0;  // SHN_…
  std::uint64_t value = 0;
  std::uint64_t size = 0;
};

struct ElfRelocation {
  std::uint64_t offset = 0;
  std::uint32_t type = 0;
  std::uint32_t symbol = 0;
};

struct ElfFile {
  std::vector<ElfSection> sections;
  std::vector<ElfSymbol> symbols;

  const ElfSection* find(std::string_view name) const;
  // Entries of a SHT_REL section.
  Result<std::vector<ElfRelocation>> relocations(const ElfSection& section) const;
};

Result<ElfFile> read_elf(std::span<const std::uint8_t> bytes);

// Little-endian integer at `offset`, which the caller has checked.
template <class T>
T read_le(std::span<const std::uint8_t> bytes, std::size_t offset) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value |= static_cast<T>(static_cast<T>(bytes[offset + i]) << (8 * i));
  return value;
}

}  // namespace faisca::bpf
