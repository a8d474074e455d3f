#include "lib/process/executable.h"

#include <sys/stat.h>
#include <unistd.h>

#include <vector>

namespace faisca::process {
namespace {

enum class Found { kNo, kNotExecutable, kYes };

Found look(const std::string& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return Found::kNo;
  if (!S_ISREG(info.st_mode) || ::access(path.c_str(), X_OK) != 0) return Found::kNotExecutable;
  return Found::kYes;
}

std::string join(std::string_view folder, std::string_view word) {
  if (folder.empty() || word.starts_with('/')) return std::string(word);
  return std::string(folder) + (folder.ends_with('/') ? "" : "/") + std::string(word);
}

std::vector<std::string> candidates(std::string_view word, std::string_view folder,
                                    std::string_view search_path) {
  if (word.find('/') != std::string_view::npos) return {join(folder, word)};
  std::vector<std::string> out;
  if (!folder.empty()) out.push_back(join(folder, word));
  while (!search_path.empty()) {
    const size_t colon = std::min(search_path.find(':'), search_path.size());
    if (colon > 0) out.push_back(join(search_path.substr(0, colon), word));
    search_path.remove_prefix(std::min(colon + 1, search_path.size()));
  }
  return out;
}

}  // namespace

Result<std::string> find_executable(std::string_view word, std::string_view folder,
                                    std::string_view search_path) {
  if (word.empty()) return fail(Code::kInvalidArgument, "the command is empty", "name the program to run");
  const std::vector<std::string> paths = candidates(word, folder, search_path);
  for (const std::string& path : paths)
    if (look(path) == Found::kYes) return path;
  for (const std::string& path : paths)
    if (look(path) == Found::kNotExecutable)
      return fail(Code::kPermissionDenied, "\"" + path + "\" is not an executable file", "chmod +x it");
  std::string tried;
  for (const std::string& path : paths) tried += (tried.empty() ? "" : ", ") + path;
  return fail(Code::kNotFound, "no program \"" + std::string(word) + "\"",
              tried.empty() ? "give its whole path" : "looked for " + tried);
}

}  // namespace faisca::process
