// The structural verifier: what every program must pass before it reaches a device.
//
// Checks, in this order: size; encodings (RFC 9669, deprecated groups refused) and unused fields; registers;
// jump and call targets; lddw pairs; falling off the end of a function; recursion and call depth (8 frames);
// that every reachable instruction can still reach an exit; helper and map ids; accesses of the
// frame whose place straight-line code shows. Loops are allowed: the instruction budget bounds them at run
// time. Pointers are checked by the device at run time. Pure function; needs no memory beyond the program's
// size. Errors are kInvalidArgument (kOutOfRange for size) and name the instruction index, its disassembly,
// the reason and a hint.
#pragma once

#include "lib/base/result.h"
#include "lib/bpf/layout.h"
#include "lib/bpf/program.h"

namespace faisca::bpf {

// kFrame: an access at a fixed offset from R10 stays in its frame. kDevice: it may touch a neighbouring
// frame, as some conformance tests do; only the device's own bounds check remains.
enum class StackRule { kFrame, kDevice };

struct VerifierSettings {
  DeviceLimits limits;
  StackRule stack = StackRule::kFrame;
};

Status verify(const Program& program, const VerifierSettings& settings = {});

}  // namespace faisca::bpf
