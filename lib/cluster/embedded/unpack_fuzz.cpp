// Any bytes as an archive: unpack must answer, keep to its limits, and write nothing outside its folder.
#include <cstdint>
#include <fstream>

#include "lib/base/assert.h"
#include "lib/cluster/embedded/temporary_folder.h"
#include "lib/cluster/embedded/unpack.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace fs = std::filesystem;
  static const faisca::cluster::TemporaryFolder folder;
  const fs::path out = folder.path / "out";
  fs::create_directory(out);
  std::ofstream(folder.path / "x.tar")
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  (void)faisca::cluster::unpack(folder.path / "x.tar", out, {.bytes = 1u << 20, .entries = 50});
  fs::remove_all(out);
  FAISCA_ASSERT(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 1,
                "something was written outside");
  return 0;
}
