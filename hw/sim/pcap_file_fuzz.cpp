// Any bytes as a capture file: read or refused.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "hw/sim/pcap_file.h"
#include "lib/base/unique_fd.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const faisca::UniqueFd file(memfd_create("capture", MFD_CLOEXEC));
  if (!file || write(file.get(), data, size) != static_cast<ssize_t>(size)) return 0;
  (void)faisca::sim::read_pcap("/proc/self/fd/" + std::to_string(file.get()), 0);
  return 0;
}
