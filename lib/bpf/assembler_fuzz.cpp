// Any text: assembled or refused; what assembles is disassembled and verified.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lib/bpf/assembler.h"
#include "lib/bpf/disassembler.h"
#include "lib/bpf/verifier.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto program = faisca::bpf::assemble({reinterpret_cast<const char*>(data), size});
  if (!program) return 0;
  (void)faisca::bpf::disassemble(*program);
  (void)faisca::bpf::verify(*program);
  return 0;
}
