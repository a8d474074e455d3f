#include "gateway/proxy/call.h"

namespace faisca::gateway {

void CallIds::next(std::string& out) {
  uint64_t high = random_();
  uint64_t low = random_();
  high = (high & ~uint64_t{0xf000}) | 0x4000;                // version 4
  low = (low & ~(uint64_t{3} << 62)) | (uint64_t{2} << 62);  // variant of the RFC
  out.resize(36);
  size_t at = 0;
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) out[at++] = '-';
    const uint64_t word = i < 16 ? high : low;
    out[at++] = "0123456789abcdef"[(word >> (60 - 4 * (i % 16))) & 15];
  }
}

}  // namespace faisca::gateway
