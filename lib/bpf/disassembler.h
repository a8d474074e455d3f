// Instructions as text, in the notation of the kernel's verifier log and bpftool ("r0 += r1", "if r1 > 4 goto
// +2"). Never fails: an unknown encoding is shown as its bytes. Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "lib/bpf/program.h"

namespace faisca::bpf {

// One instruction. `next` is the following slot, used by lddw only (0 if there is none).
std::string disassemble(std::uint64_t slot, std::uint64_t next = 0);

// A whole program, one instruction a line: index, text; functions, jump targets and maps by name.
//     0: r1 = map[counters]
//   L2: if r0 == 0 goto L7
std::string disassemble(const Program& program);

// Lines around `index`, marked with "→", for error messages and difference reports.
std::string disassemble_around(std::span<const std::uint64_t> slots, std::uint32_t index,
                               std::uint32_t lines = 4);

}  // namespace faisca::bpf
