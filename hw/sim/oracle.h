// Who says what a program must do with a packet: the C++ reference model, or this machine's kernel.
//
// Packets are judged one after the other and maps keep their contents between them, as on the device. Thread:
// one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hw/sim/map_file.h"
#include "hw/sim/packet.h"
#include "lib/base/result.h"
#include "lib/bpf/program.h"

namespace faisca::sim {

struct MapContents {
  std::string name;
  bpf::MapType type = bpf::MapType::kArray;
  MapShape shape;
  std::vector<MapEntry> entries;  // in ascending order of their keys; arrays: every index
};

class Oracle {
 public:
  virtual ~Oracle() = default;
  virtual std::string name() const = 0;  // "model", "kernel"

  // Inserts or replaces entries. kNotFound if the program has no such map, kInvalidArgument if the map does
  // not take an entry.
  virtual Status fill_map(const std::string& map, const std::vector<MapEntry>& entries) = 0;
  virtual Result<std::vector<MapContents>> maps() = 0;

  virtual Result<Judgement> judge(const Packet& packet) = 0;
};

// `program` is copied.
Result<std::unique_ptr<Oracle>> make_model_oracle(const bpf::Program& program);

// Loads the unmodified object through libbpf; `entry` is the function's name. Moves the calling thread into a
// network namespace of its own, whose interfaces 1 … `ports` stand for the device's ports; call it, and the
// oracle, from one thread that needs no network. A redirect's target is not known to it. kPermissionDenied or
// kUnimplemented: not possible here; kInvalidArgument: the kernel refuses the object, with its verifier's
// last lines.
struct KernelOracleSettings {
  std::string object;  // the ELF file's bytes
  std::string entry;
  std::uint32_t ports = 4;
};
Result<std::unique_ptr<Oracle>> make_kernel_oracle(const KernelOracleSettings& settings);

}  // namespace faisca::sim
