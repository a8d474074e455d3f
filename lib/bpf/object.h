// Objects of `clang -target bpf` (ELF64, little endian, EM_BPF, -mcpu v1–v4, with or without -g) → Program.
//
// load_object reads and checks everything a later link needs; link picks one program, gathers the functions
// it calls, places data sections and map values at device addresses and resolves every relocation. What comes
// out holds only `lddw` with src 0: the address of a datum, or the id of a map. Input is hostile: every
// offset is checked; errors name the section, the offset and the value (kInvalidArgument; what the device
// does not have: kUnimplemented; too large for the device: kOutOfRange). Relocations: kernel
// Documentation/bpf/llvm_reloc.rst. Maps: `.maps` described by BTF, and the older `maps` section.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/bpf/layout.h"
#include "lib/bpf/program.h"

namespace faisca::bpf {

inline constexpr std::size_t kMaxObjectBytes = 4 * 1024 * 1024;

enum class RelocationType : std::uint32_t {
  kLoad64 = 1,   // R_BPF_64_64: lddw of a map or a datum
  kAbs64 = 2,    // R_BPF_64_ABS64: a pointer inside a data section
  kCall32 = 10,  // R_BPF_64_32: call of a function
};

struct Relocation {
  std::uint32_t offset = 0;  // byte in the section
  RelocationType type = RelocationType::kLoad64;
  std::uint32_t target_section = 0;  // index of the ELF section of the symbol
  std::uint64_t target_offset = 0;   // value of the symbol: byte in that section
  std::string symbol;
};

struct CodeSection {
  std::uint32_t index = 0;
  std::string name;
  std::vector<std::uint64_t> slots;
  std::vector<Function> functions;      // in order, without gaps
  std::vector<Relocation> relocations;  // by offset
};

struct DataSection {
  std::uint32_t index = 0;
  std::string name;
  std::vector<std::uint8_t> bytes;  // .bss: zeros
  std::uint32_t alignment = 1;
  std::vector<Relocation> relocations;
};

struct ObjectMap {
  MapDescriptor descriptor;  // without id and address
  std::uint32_t section = 0;
  std::uint64_t offset = 0;  // of its symbol in the section
};

// A function that can be the entry: a global function outside .text, or in .text when there is no other.
struct ObjectProgram {
  std::string name;     // function name, for example "count_packets"
  std::string section;  // for example "xdp"
  Convention convention = Convention::kMem;
  std::uint32_t section_index = 0;
  std::uint32_t first = 0;  // slot in the section
};

struct Object {
  std::vector<ObjectProgram> programs;  // never empty
  std::vector<CodeSection> code;
  std::vector<DataSection> data;
  std::vector<ObjectMap> maps;
  std::string license;  // empty if the object has none
};

// The convention that a section name asks for: "xdp", "xdp/…", "xdp.frags" → xdp; anything else → mem.
Convention convention_of_section(std::string_view section);

Result<Object> load_object(std::span<const std::uint8_t> bytes);

struct LinkOptions {
  std::string program;                   // function or section name; empty: the only program of the object
  std::optional<Convention> convention;  // overrides the section name's
  DeviceLimits limits;
  // For a device that holds several programs at a time: where this one's globals begin, in bytes from
  // kDataBase (a multiple of 8), and the handle of each of its maps. Default: 0, and 1, 2, … in order.
  std::uint32_t data_offset = 0;
  std::function<std::uint32_t(const MapDescriptor&)> map_id = {};
};

Result<Program> link(const Object& object, const LinkOptions& options = {});

// load_object, then link.
Result<Program> load_program(std::span<const std::uint8_t> bytes, const LinkOptions& options = {});

}  // namespace faisca::bpf
