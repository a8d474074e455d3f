#include "lib/bpf/retire.h"

#include <cinttypes>
#include <cstdio>

namespace faisca::bpf {

std::string to_text(const Retired& retired) {
  char buffer[64];
  std::string text = "pc " + std::to_string(retired.pc) + ":";
  if (retired.writes_register) {
    std::snprintf(buffer, sizeof buffer, " r%u = 0x%" PRIx64, retired.reg, retired.value);
    text += buffer;
  }
  if (retired.stores) {
    std::snprintf(buffer, sizeof buffer, "%s [0x%08" PRIx32 "] %u bytes = 0x%" PRIx64,
                  retired.writes_register ? "," : "", retired.store_address, retired.store_bytes,
                  retired.store_data);
    text += buffer;
  }
  if (!retired.writes_register && !retired.stores) text += " no effect";
  return text;
}

}  // namespace faisca::bpf
