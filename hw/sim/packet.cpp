#include "hw/sim/packet.h"

namespace faisca::sim {

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAborted:
      return "XDP_ABORTED";
    case Verdict::kDrop:
      return "XDP_DROP";
    case Verdict::kPass:
      return "XDP_PASS";
    case Verdict::kTx:
      return "XDP_TX";
    case Verdict::kRedirect:
      return "XDP_REDIRECT";
  }
  return "XDP_ABORTED";
}

Verdict verdict_of(std::uint64_t r0) {
  const auto action = static_cast<std::uint32_t>(r0);
  return action <= static_cast<std::uint32_t>(Verdict::kRedirect) ? static_cast<Verdict>(action)
                                                                  : Verdict::kAborted;
}

}  // namespace faisca::sim
