// Compares what two targets make of one random program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/base/result.h"
#include "tests/conformance/differential/random_program.h"
#include "tests/conformance/target.h"

namespace faisca::conformance {

struct Comparison {
  std::uint64_t retired = 0;
  bool faulted = false;
  std::string difference;  // empty if none: instruction index, both values, disassembly around
};

// Retire trace, result and fault, instruction by instruction. Fails if a target is broken.
Result<Comparison> compare_traces(const RandomProgram& random, Target& model, Target& rtl,
                                  std::uint32_t budget = RunOptions{}.budget);

// Low half of R0 after a run in the kernel. Fails with what run_in_kernel says.
Result<Comparison> compare_with_kernel(const RandomProgram& random);

}  // namespace faisca::conformance
