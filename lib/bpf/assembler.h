// Assembly text in the notation of the public conformance tests → Program (convention mem).
//
//   # comment; `;` and `//` too           call 5 | call helper 5 | call local f | call runtime 42
//   mov %r0, 4          mov32 r0, -1      lddw %r1, 0x123456789abcdef0
//   ldxdw %r0, [%r1+8]  stxb [r1-1], r2   lock fetch add32 [%r10-8], %r1 | atomic fetch add [..], .. | xchg |
//   cmpxchg label:              ja label | ja +2  jeq32 %r1, 0, label be16 r0 | le32 r0 | swap64 r0 | bswap64
//   r0 | movsx832 r0, r1 | sdiv r0, -3 | exit
//
// The label `exit` stands for the first exit instruction unless the text defines it. Numbers: decimal,
// hexadecimal, signed; a 32-bit field takes -2^31 … 2^32-1. Names of functions after `call local` are labels.
// The encodings need not be valid (r11, call %r2, call runtime): `verify` judges them.
// Errors: kInvalidArgument with line number, the line and the reason. Pure function.
#pragma once

#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/bpf/program.h"

namespace faisca::bpf {

struct AssembleOptions {
  // Maps that `lddw r1, map_by_fd(NAME)` may name, and `map_val(NAME)+offset` for an array's first value.
  // Ids and addresses are set here (assign_maps).
  std::vector<MapDescriptor> maps;
  // What happens to a hexadecimal immediate wider than its 32-bit field; some public tests have one.
  enum class WideImmediate { kRefuse, kTruncate } wide_immediate = WideImmediate::kRefuse;
};

Result<Program> assemble(std::string_view text, const AssembleOptions& options = {});

}  // namespace faisca::bpf
