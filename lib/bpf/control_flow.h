// Where execution can go: the graph that the verifier's checks walk. Internal to the verifier.
// Requires encodings, lddw pairs and targets already checked (verifier.cpp does so in that order).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/bpf/isa.h"
#include "lib/bpf/program.h"

namespace faisca::bpf {

// One decoded slot; `row` is nullptr for the second half of an lddw.
struct DecodedSlot {
  Instruction instruction;
  const Encoding* row = nullptr;
};

class ControlFlow {
 public:
  ControlFlow(const std::vector<DecodedSlot>& code, std::uint32_t entry);

  // Slots that follow `pc` inside one function: fall-through and jump target. A call goes on behind itself;
  // the program's end has no successor.
  std::vector<std::uint32_t> successors(std::uint32_t pc) const;

  // A loop from which no exit can be reached, as its first and last slot; nothing if every path can end.
  struct Loop {
    std::uint32_t first, last;
  };
  std::optional<Loop> endless_loop() const;

  // Frames of the deepest chain of calls from the entry. `recursion` is the call that closes a cycle, if any.
  struct Depth {
    std::uint32_t frames = 0;
    std::optional<std::uint32_t> recursion;
    std::uint32_t deepest_call = 0;  // slot of the first call on the deepest chain
  };
  Depth call_depth() const;

  const std::vector<bool>& reachable() const { return reachable_; }

 private:
  struct Body {
    std::uint32_t root;
    std::vector<std::uint32_t> calls;  // slots of local calls
  };
  std::size_t body_index(std::uint32_t root) const;
  Body walk(std::uint32_t root);

  const std::vector<DecodedSlot>& code_;
  std::vector<bool> reachable_;
  std::vector<Body> bodies_;  // the entry first, then every function called
};

}  // namespace faisca::bpf
