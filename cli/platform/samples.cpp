#include "cli/platform/samples.h"

#include <algorithm>

#include "cli/function/folder.h"
#include "lib/base/files.h"

namespace faisca::cli {

namespace fs = std::filesystem;

bool samples_deployed(const Home& home) { return fs::exists(home.samples() / "done"); }

Status mark_samples_deployed(const Home& home) {
  FAISCA_CHECK_OK(make_folder(home.samples()));
  return write_file_atomic(home.samples() / "done", "");
}

Result<std::vector<api::Function>> prepare_samples(const Context& context, const fs::path& folder,
                                                   const Home& home) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (fs::exists(it->path() / kFunctionFile)) folders.push_back(it->path());
  if (error) return fail(errno_error(error.value(), "reading the samples in " + folder.string()));
  std::sort(folders.begin(), folders.end());
  std::vector<api::Function> functions;
  for (const fs::path& sample : folders) {
    FAISCA_TRY(function, prepare_function(context, sample, home.samples() / sample.filename()));
    functions.push_back(std::move(function));
  }
  return functions;
}

}  // namespace faisca::cli
