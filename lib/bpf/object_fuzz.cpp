// Any bytes as an object: loaded and linked, or refused. Each of its programs is tried.
#include <cstddef>
#include <cstdint>

#include "lib/bpf/object.h"
#include "lib/bpf/verifier.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto object = faisca::bpf::load_object({data, size});
  if (!object) return 0;
  for (const auto& choice : object->programs) {
    auto program = faisca::bpf::link(*object, {.program = choice.name, .convention = {}, .limits = {}});
    if (program) (void)faisca::bpf::verify(*program);
  }
  return 0;
}
