// First byte: length of the body; then the body; the rest is code. The model runs it unverified and must stop
// by itself; what passes the verifier must not meet an illegal instruction nor leave the program.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "hw/model/machine.h"
#include "lib/bpf/verifier.h"

namespace {

struct FixedEnvironment : faisca::bpf::Environment {
  std::uint64_t monotonic_ns() override { return 1; }
  std::uint32_t random_u32() override { return 1; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using faisca::bpf::FaultCause;
  if (size == 0) return 0;
  std::size_t body = std::min<std::size_t>(data[0], size - 1);
  faisca::bpf::Program program;
  program.slots.resize((size - 1 - body) / 8);
  if (!program.slots.empty()) std::memcpy(program.slots.data(), data + 1 + body, program.slots.size() * 8);
  program.maps = {{.name = "hash",
                   .type = faisca::bpf::MapType::kHash,
                   .key_size = 4,
                   .value_size = 8,
                   .max_entries = 4}};
  if (!faisca::bpf::assign_maps(program, 1024)) std::abort();
  FixedEnvironment environment;
  auto machine = faisca::model::Machine::create(program, environment);
  if (!machine) std::abort();
  faisca::model::RunSettings settings;
  settings.budget = 2000;
  auto outcome = (*machine)->run_body({data + 1, body}, settings);
  bool structural =
      outcome.fault == FaultCause::kIllegalInstruction || outcome.fault == FaultCause::kPcRange ||
      outcome.fault == FaultCause::kFramePointerWrite || outcome.fault == FaultCause::kCallDepth;
  if (structural && faisca::bpf::verify(program)) std::abort();
  return 0;
}
