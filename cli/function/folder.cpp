#include "cli/function/folder.h"

#include <vector>

#include "api/types/function/defaults.h"
#include "api/types/function/validate.h"
#include "api/types/function/yaml.h"
#include "cli/function/archive.h"
#include "cli/function/recipe.h"
#include "cli/http_client.h"
#include "cli/progress.h"
#include "lib/base/files.h"

namespace faisca::cli {
namespace {

namespace fs = std::filesystem;

// The only object in the build output.
Result<std::string> read_object(const fs::path& built) {
  std::vector<fs::path> objects;
  std::error_code error;
  for (fs::directory_iterator it(built, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".o") objects.push_back(it->path());
  if (objects.size() != 1)
    return fail(Code::kNotFound,
                "an offloaded function needs one eBPF object (*.o) in " + built.string() + ", there are " +
                    std::to_string(objects.size()),
                "compile it with clang -O2 -g -target bpf -mcpu=v4 -c, into the folder named by $OUT");
  return read_file(objects.front());
}

// A path as a file:// URL: what is special in a URL is escaped, the slashes are not.
std::string file_url(const fs::path& path) {
  std::string url = "file://";
  for (const fs::path& part : fs::absolute(path).lexically_normal().relative_path())
    url += "/" + url_escape(part.string());
  return url;
}

// Without a recipe the folder itself is the package, but for what only the CLI reads.
Status copy_folder(const fs::path& folder, const fs::path& package) {
  std::error_code error;
  fs::remove_all(package, error);
  FAISCA_CHECK_OK(make_folder(package));
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::path name = it->path().filename();
    if (name == kFunctionFile || name == kBuildFolder || name == "README.md") continue;
    fs::copy(it->path(), package / name, fs::copy_options::recursive | fs::copy_options::copy_symlinks,
             error);
    if (error) break;
  }
  if (error)
    return fail(errno_error(error.value(), "copying " + folder.string() + " to " + package.string()));
  return {};
}

}  // namespace

Result<api::Function> read_function_folder(const fs::path& folder) {
  const fs::path file = folder / kFunctionFile;
  if (!fs::is_directory(folder))
    return fail(Code::kNotFound, "there is no folder " + folder.string(),
                "faisca new --lang c NAME makes one; faisca deploy -f FILE deploys a file");
  if (!fs::exists(file))
    return fail(Code::kNotFound, folder.string() + " has no " + kFunctionFile,
                "faisca new --lang c NAME shows what belongs into a function's folder");
  FAISCA_TRY(text, read_file(file, api::kMaxFunctionText));
  return api::parse_function(text).map_error(while_doing("reading " + file.string()));
}

Result<fs::path> build_function(const Context& context, const fs::path& folder, const fs::path& output) {
  const fs::path package = fs::absolute(output) / "package";
  FAISCA_CHECK_OK(make_folder(output));
  const Progress progress(context, "building " + folder.string());
  if (!has_recipe(folder)) {
    FAISCA_CHECK_OK(copy_folder(folder, package));
    return package;
  }
  FAISCA_CHECK_OK(run_recipe({.folder = fs::absolute(folder),
                              .output = package,
                              .log = fs::absolute(output) / "build.log",
                              .environment = context.environment}));
  return package;
}

Result<api::Function> package_function(api::Function function, const fs::path& built,
                                       const fs::path& output) {
  if (function.spec.offload) {
    FAISCA_TRY(object, read_object(built));
    function.spec.offload->object = std::move(object);
  } else if (function.spec.source && function.spec.source->inline_code.empty()) {
    FAISCA_TRY(packed, pack_folder(built, output / (function.metadata.name + ".tar")));
    function.spec.source->archive = api::Archive{.url = file_url(packed.path), .sha256 = packed.sha256};
  }
  FAISCA_CHECK_OK(api::validate(api::with_defaults(function)));
  return function;
}

Result<api::Function> prepare_function(const Context& context, const fs::path& folder,
                                       const fs::path& output) {
  FAISCA_TRY(function, read_function_folder(folder));
  FAISCA_CHECK_OK(api::validate_name(function.metadata.name, "metadata.name"));
  FAISCA_TRY(built, build_function(context, folder, output));
  return package_function(std::move(function), built, output);
}

}  // namespace faisca::cli
