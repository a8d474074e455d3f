#include "operator/offload/program.h"

#include <span>

#include "lib/bpf/object.h"
#include "lib/bpf/verifier.h"

namespace faisca::offload {

Result<Needs> needs_of(const api::Offload& offload) {
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(offload.object.data()), offload.object.size());
  FAISCA_TRY(program, bpf::load_program(bytes, {.program = offload.program,
                                                .convention = offload.convention == api::Convention::kXdp
                                                                  ? bpf::Convention::kXdp
                                                                  : bpf::Convention::kMem}));
  FAISCA_CHECK_OK(bpf::verify(program));
  return Needs{static_cast<std::int64_t>(program.slots.size()),
               static_cast<std::int64_t>(program.data_bytes)};
}

}  // namespace faisca::offload
