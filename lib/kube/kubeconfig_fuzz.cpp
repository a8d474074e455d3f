// Any bytes as a kubeconfig are a Config or an error, never a crash.
#include <cstddef>
#include <cstdint>

#include "lib/kube/config.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = faisca::kube::parse_kubeconfig(text, "/");
  if (config && config->server.empty()) __builtin_trap();
  return 0;
}
