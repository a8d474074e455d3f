#include "lib/cluster/embedded/offload_check.h"

#include <span>

#include "lib/bpf/object.h"
#include "lib/bpf/verifier.h"

namespace faisca::cluster {

Status check_offload(const api::Offload& offload) {
  const std::span bytes(reinterpret_cast<const uint8_t*>(offload.object.data()), offload.object.size());
  bpf::LinkOptions options;
  options.program = offload.program;
  options.convention =
      offload.convention == api::Convention::kXdp ? bpf::Convention::kXdp : bpf::Convention::kMem;
  auto program = bpf::load_program(bytes, options).map_error(while_doing("loading spec.offload.object"));
  if (!program) return fail(std::move(program.error()));
  return bpf::verify(*program).map_error(while_doing("verifying spec.offload.object"));
}

}  // namespace faisca::cluster
