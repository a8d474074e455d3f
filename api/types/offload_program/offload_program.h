// The OffloadProgram resource (faisca.dev/v1alpha1, namespaced): an eBPF program that is meant to be on a
// device. The operator writes spec as a child of every Function with offload, by the same name; the device
// plugin beside the device's agent carries it out and writes status. spec.device is the record of where the
// function was placed. A mem program is called through the function's pods, an xdp program by packets.
// Thread: plain values, pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/types/condition/condition.h"
#include "api/types/fields/metadata.h"
#include "api/types/fields/unknown.h"
#include "api/types/function/function.h"
#include "lib/base/result.h"

namespace faisca::api {

inline constexpr char kOffloadProgramKind[] = "OffloadProgram";

struct OffloadProgramSpec {
  std::string function;  // YAML `functionRef: {name}`
  Convention convention = Convention::kXdp;
  std::string object;  // YAML `object: {inline: BASE64}`: the ELF file, decoded
  std::string entry;   // which function of the object to enter; empty when it holds one
  std::string device;  // name of the OffloadDevice; empty: no device fits yet
  std::vector<int> ports;
  std::chrono::nanoseconds lease = std::chrono::seconds(60);
  uint64_t budget = 1'000'000;

  bool operator==(const OffloadProgramSpec&) const = default;
};

struct ProgramCounters {
  int64_t packets = 0;  // that entered the program; mem: calls
  int64_t bytes = 0;
  int64_t passed = 0;  // by verdict (enum xdp_action)
  int64_t dropped = 0;
  int64_t sent = 0;  // XDP_TX and XDP_REDIRECT
  int64_t faults = 0;
  int64_t instructions = 0;
  int64_t cycles = 0;  // of the device's clock

  bool operator==(const ProgramCounters&) const = default;
};

struct OffloadProgramStatus {
  Conditions conditions;  // Ready
  int64_t observed_generation = 0;
  std::string device;      // that holds it now
  std::string program_id;  // SHA-256 of the verified program
  bool loaded = false;
  std::vector<int> ports;  // where it is attached
  ProgramCounters counters;

  bool operator==(const OffloadProgramStatus&) const = default;
};

struct OffloadProgram {
  Metadata metadata;
  OffloadProgramSpec spec;
  OffloadProgramStatus status;

  bool operator==(const OffloadProgram&) const = default;
};

Result<OffloadProgram> parse_offload_program(std::string_view text,
                                             UnknownFields unknown = UnknownFields::kRefuse);
// The whole object as JSON on one line.
std::string print_offload_program_json(const OffloadProgram& program);
// Without status: for applying the object.
std::string print_offload_program_spec_json(const OffloadProgram& program);

}  // namespace faisca::api
