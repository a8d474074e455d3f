// This machine's kernel as a golden model: BPF_PROG_TEST_RUN of an XDP program through libbpf.
#pragma once

#include <cstdint>
#include <span>

#include "lib/base/result.h"
#include "lib/bpf/program.h"

namespace faisca::conformance {

// Loads `program` as XDP, runs it once on `packet` and returns its verdict, the low half of R0.
// kPermissionDenied or kUnimplemented: this kernel does not allow it here. kInvalidArgument: the kernel's
// verifier refuses the program; the message has the end of its log.
Result<std::uint32_t> run_in_kernel(const bpf::Program& program, std::span<const std::uint8_t> packet);

}  // namespace faisca::conformance
