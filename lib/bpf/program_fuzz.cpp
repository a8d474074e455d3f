// Any bytes as instruction slots: disassembled and verified.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "lib/bpf/disassembler.h"
#include "lib/bpf/verifier.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  faisca::bpf::Program program;
  program.slots.resize(size / 8);
  if (!program.slots.empty()) std::memcpy(program.slots.data(), data, program.slots.size() * 8);
  (void)faisca::bpf::disassemble(program);
  if (!program.slots.empty()) (void)faisca::bpf::disassemble_around(program.slots, 0);
  (void)faisca::bpf::verify(program);
  return 0;
}
