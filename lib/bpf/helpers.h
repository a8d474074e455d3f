// Helper functions: what `call ID` means. One table for verifier, model and agent; ids are those of
// linux/bpf.h.
//
// A call gets R1–R5 and gives R0; R1–R5 keep their values. A helper that reads or writes memory out of bounds
// faults the run with kOutOfBounds, an unknown id or map handle with kBadHelper; both before anything
// changes. Thread: the one that runs the program.
#pragma once

#include <array>
#include <cerrno>
#include <cstdint>
#include <span>
#include <string_view>

#include "lib/bpf/fault.h"
#include "lib/bpf/maps.h"
#include "lib/bpf/memory.h"
#include "lib/bpf/program.h"

namespace faisca::bpf {

enum class HelperId : std::uint32_t {
  kMapLookup = 1,
  kMapUpdate = 2,
  kMapDelete = 3,
  kKtimeGetNs = 5,
  kGetPrandomU32 = 7,
  kGetSmpProcessorId = 8,
  kRedirect = 23,
  kCsumDiff = 28,
  kXdpAdjustHead = 44,
  kRedirectMap = 51,
  kXdpAdjustMeta = 54,
  kXdpAdjustTail = 65,
};

struct HelperInfo {
  std::uint32_t id;
  std::string_view name;  // without "bpf_": "map_lookup_elem"
  bool xdp_only;
};

std::span<const HelperInfo> helper_table();
const HelperInfo* find_helper(std::uint32_t id);       // nullptr: unknown
const HelperInfo* find_helper(std::string_view name);  // with or without "bpf_"
bool helper_allowed(std::uint32_t id, Convention convention);

// What helpers ask of the world. The default cannot redirect nor move a packet.
class Environment {
 public:
  virtual ~Environment() = default;
  virtual std::uint64_t monotonic_ns() = 0;
  virtual std::uint32_t random_u32() = 0;
  virtual std::uint32_t processor_id() { return 0; }
  // 0 or -errno, as the helpers give it.
  virtual std::int64_t adjust_head(std::int64_t /*delta*/) { return -EINVAL; }
  virtual std::int64_t adjust_tail(std::int64_t /*delta*/) { return -EINVAL; }
  virtual std::int64_t adjust_meta(std::int64_t /*delta*/) { return -ENOTSUP; }
  virtual std::uint32_t ingress_ifindex() { return 0; }
  // Where XDP_REDIRECT takes the packet: to each of these interfaces; the last call counts. None: nowhere.
  virtual void redirect(std::span<const std::uint32_t> /*interfaces*/) {}
};

struct HelperCall {
  std::uint32_t id = 0;
  std::array<std::uint64_t, 5> args{};  // R1 … R5
};

struct HelperResult {
  FaultCause fault = FaultCause::kNone;
  std::uint64_t r0 = 0;
};

HelperResult call_helper(const HelperCall& call, Memory& memory, MapSet& maps, Environment& environment);

}  // namespace faisca::bpf
