// A program as the device takes it: flat code, map descriptors, one data image. Made by `link` (object.h) or
// `assemble` (assembler.h); checked by `verify` (verifier.h); run by the model or by a device. Plain value,
// no shared state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace faisca::bpf {

// How a program is called. mem: R1 = address of the memory, R2 = its length. xdp: R1 = address of struct
// xdp_md.
enum class Convention : std::uint8_t { kMem = 0, kXdp = 1 };
std::string_view convention_name(Convention convention);  // "mem", "xdp"

// Numbers of enum bpf_map_type in linux/bpf.h.
enum class MapType : std::uint32_t {
  kHash = 1,
  kArray = 2,
  kPercpuHash = 5,   // one engine is one CPU: behaves as kHash
  kPercpuArray = 6,  // behaves as kArray
  kLruHash = 9,
  kLpmTrie = 11,
  kDevmap = 14,
};
std::string_view map_type_name(MapType type);  // "hash"; "unknown" for a type that the device does not have
bool map_type_supported(std::uint32_t type);

struct MapDescriptor {
  std::uint32_t id = 0;  // the handle that `lddw` loads and helpers take in R1; 1, 2, … within a program
  std::string name;
  MapType type = MapType::kArray;
  std::uint32_t key_size = 0;
  std::uint32_t value_size = 0;
  std::uint32_t max_entries = 0;
  std::uint32_t flags = 0;
  std::uint32_t values_address = 0;  // device address of the value of slot 0

  // Distance between the values of neighbouring slots: value_size rounded up to 8, as in the kernel.
  std::uint32_t value_stride() const { return (value_size + 7) / 8 * 8; }
};

struct Function {
  std::string name;
  std::uint32_t first = 0;  // slot
  std::uint32_t slots = 0;
};

struct Program {
  std::string name;
  Convention convention = Convention::kMem;
  std::vector<std::uint64_t> slots;
  std::uint32_t entry = 0;  // slot where a run starts
  std::vector<Function>
      functions;  // cover `slots` in order without gaps; jumps stay inside, calls go to a first slot
  std::vector<MapDescriptor> maps;
  std::vector<std::uint8_t> data;  // initial bytes at kDataBase; map values follow as zeros
  std::uint32_t data_bytes = 0;    // bytes of the data region in use: `data`, then every map's values
};

// Gives the maps of `program` the ids 1, 2, … and places their values after its data, each 8-byte aligned;
// sets data_bytes. kOutOfRange, naming the map, if they take more than `limit` bytes; otherwise what
// check_map (maps.h) says.
Status assign_maps(Program& program, std::uint32_t limit);

}  // namespace faisca::bpf
