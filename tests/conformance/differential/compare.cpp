#include "tests/conformance/differential/compare.h"

#include <cinttypes>
#include <cstdio>
#include <vector>

#include "hw/model/machine.h"
#include "lib/bpf/disassembler.h"
#include "lib/bpf/isa.h"
#include "lib/bpf/verifier.h"
#include "tests/conformance/differential/kernel_target.h"

namespace faisca::conformance {
namespace {

std::string text_of(const model::Outcome& outcome) {
  char buffer[160];
  std::snprintf(buffer, sizeof buffer,
                "%s at %" PRIu32 ", address 0x%" PRIx64 ", R0 0x%" PRIx64 ", %" PRIu64 " retired",
                std::string(bpf::fault_name(outcome.fault)).c_str(), outcome.fault_pc, outcome.fault_address,
                outcome.r0, outcome.retired);
  return buffer;
}

// A fault of a helper is said by the host, which does not know where the program stands.
bool is_helper_call(const bpf::Program& program, std::uint32_t pc) {
  return pc < program.slots.size() && bpf::decode(program.slots[pc]).opcode == bpf::kOpCall;
}

bool same(const bpf::Program& program, model::Outcome a, const model::Outcome& b) {
  if (!a.ok() && is_helper_call(program, a.fault_pc)) a.fault_pc = b.fault_pc;
  return a.fault == b.fault && a.fault_pc == b.fault_pc && a.fault_address == b.fault_address &&
         a.r0 == b.r0 && a.retired == b.retired;
}

std::string report(const RandomProgram& random, const std::string& step, const std::string& ours,
                   const std::string& theirs, std::uint32_t pc) {
  return step + "\n  model: " + ours + "\n  rtl:   " + theirs + "\n" +
         bpf::disassemble_around(random.program.slots, pc);
}

}  // namespace

Result<Comparison> compare_traces(const RandomProgram& random, Target& model, Target& rtl,
                                  std::uint32_t budget) {
  std::vector<bpf::Retired> expected;
  FAISCA_TRY(ours, model.run(random.program, random.memory,
                             {[&](const bpf::Retired& r) { expected.push_back(r); }, budget}));
  Comparison result{.retired = ours.retired, .faulted = !ours.ok(), .difference = {}};
  std::size_t step = 0;
  auto check = [&](const bpf::Retired& r) {
    std::size_t now = step++;
    if (!result.difference.empty() || (now < expected.size() && expected[now] == r)) return;
    std::string want = now < expected.size() ? bpf::to_text(expected[now]) : "the run has ended";
    result.difference = report(random, "step " + std::to_string(now), want, bpf::to_text(r), r.pc);
  };
  FAISCA_TRY(theirs, rtl.run(random.program, random.memory, {check, budget}));
  if (result.difference.empty() && !same(random.program, ours, theirs))
    result.difference = report(random, "end of the run", text_of(ours), text_of(theirs),
                               ours.ok() ? theirs.fault_pc : ours.fault_pc);
  return result;
}

Result<Comparison> compare_with_kernel(const RandomProgram& random) {
  FAISCA_CHECK_OK(bpf::verify(random.program));
  FixedEnvironment environment;
  FAISCA_TRY(machine, model::Machine::create(random.program, environment));
  FAISCA_TRY(theirs, run_in_kernel(random.program, random.memory));
  auto ours = machine->run_packet(random.memory);
  Comparison result{.retired = ours.retired, .faulted = !ours.ok(), .difference = {}};
  if (ours.ok() && static_cast<std::uint32_t>(ours.r0) == theirs) return result;
  char kernel[32];
  std::snprintf(kernel, sizeof kernel, "0x%08" PRIx32, theirs);
  result.difference = "result\n  model:  " + text_of(ours) + "\n  kernel: R0 low half " + kernel + "\n" +
                      bpf::disassemble(random.program);
  return result;
}

}  // namespace faisca::conformance
